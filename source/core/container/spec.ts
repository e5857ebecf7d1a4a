import type { Flag, FlagValue } from './flags.ts';

export type BuildTool = 'docker build' | 'docker buildx' | 'kaniko' | 'buildkit' | 'buildah';

/** What an image is built from and into, whatever builds it. Values are words of a shell, as they are written. */
export interface ImageSpec {
  readonly tool: BuildTool;
  /** Undefined is the tool's default, `Dockerfile` in the context. */
  readonly file?: FlagValue;
  readonly context: FlagValue;
  readonly tags: readonly FlagValue[];
  /** `NAME=value`, or `NAME` alone for one of the environment. */
  readonly buildArgs: readonly FlagValue[];
  readonly labels: readonly FlagValue[];
  readonly target?: FlagValue;
  readonly platform?: FlagValue;
  readonly secrets: readonly FlagValue[];
  readonly pulls: boolean;
  readonly ignoresCache: boolean;
  /** The build itself pushes the tags. */
  readonly pushes: boolean;
  /** The build leaves the image in a store of the machine, where later commands find it. */
  readonly isLocal: boolean;
  /** `type=registry,ref=…`, or a reference. */
  readonly cacheFrom: readonly FlagValue[];
  readonly cacheTo: readonly FlagValue[];
  /** The flags that these are from, with any that switch the cache off. */
  readonly cacheFlags: readonly Flag[];
  /** Flags that mean something, and that no other tool has a word for here. */
  readonly others: readonly Flag[];
  /** Words that were not understood. */
  readonly unknown: readonly string[];
}
