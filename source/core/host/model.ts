import type { Part } from '../datum.ts';

/** What one look at a host saw, over SSH or on this machine. */
export interface HostState {
  /** As ssh takes it: `honey`, `ops@10.0.0.1`. */
  readonly destination: string;
  /** True when the destination is this machine and no SSH is used. */
  readonly local: boolean;
  /** The resolved address: `root@100.77.196.50:22`. */
  readonly address: string;
  /** Seconds to connect. */
  readonly latency?: number;
  readonly kernel: Part<{ readonly system: string; readonly release: string; readonly machine: string }>;
  readonly load: Part<{
    readonly one: number;
    readonly five: number;
    readonly fifteen: number;
    readonly cpus: number;
  }>;
  /** File systems of `/` and of the paths asked for. Bytes. */
  readonly disks: Part<readonly Disk[]>;
  readonly engines: readonly Engine[];
  readonly containers: Part<readonly Container[]>;
  readonly ports: Part<readonly ListeningPort[]>;
  readonly tailscale: Part<{
    readonly running: boolean;
    readonly addresses: readonly string[];
    readonly saw: string;
  }>;
  /** Seconds that the host's clock is ahead of this machine's. */
  readonly clockSkew?: number;
}

export interface Disk {
  /** What was asked for. */
  readonly path: string;
  /** The nearest folder above it that exists, where `path` itself does not: what was measured. */
  readonly nearest?: string;
  readonly mount: string;
  readonly size: number;
  /** For a user who is not root. */
  readonly available: number;
}

export interface Engine {
  readonly name: 'docker' | 'podman';
  /** Absent when it is not there; a failure when it is and does not answer, or the user may not use it. */
  readonly version: Part<string>;
}

export interface Container {
  readonly engine: 'docker' | 'podman';
  readonly name: string;
  readonly image: string;
  /** `running`, `exited`, `restarting`, … */
  readonly state: string;
  readonly status: string;
  readonly ports: string;
  /** True for one that this program made, as its label says. */
  readonly isOurs?: boolean;
}

export interface ListeningPort {
  readonly address: string;
  readonly port: number;
  readonly process?: string;
}

/** A program on this machine. */
export interface Tool {
  readonly name: string;
  /** Absent when the program is not there. */
  readonly path?: string;
  readonly version?: Part<string>;
}
