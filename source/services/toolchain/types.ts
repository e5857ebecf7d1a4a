import type { Tool } from '../../core/host/model.ts';

/** Programs of this machine: nix, bazel, docker, kubectl, attic, glab, git, ssh. */
export interface Toolchain {
  look(signal?: AbortSignal): Promise<readonly Tool[]>;
}
