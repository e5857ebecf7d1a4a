import type { Image } from './images.ts';

export interface PortBinding {
  readonly containerPort: number;
  /** As asked; empty for all addresses. */
  readonly address: string;
  /** As asked; 0 for a free one. */
  readonly port: number;
}

export interface MountRequest {
  readonly kind: 'bind' | 'volume';
  /** A path of the host, or a volume's name. */
  readonly source: string;
  readonly target: string;
  readonly mode: string;
}

export interface ContainerSettings {
  readonly name: string;
  /** As typed. */
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PortBinding[];
  readonly mounts: readonly MountRequest[];
  readonly restart: string;
  readonly user?: string;
  readonly removes: boolean;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** A program that runs in a container; its ports on this machine. */
export interface Process {
  /** By the port within the container. */
  readonly realPorts: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

export interface Container {
  readonly id: string;
  settings: ContainerSettings;
  readonly image: Image;
  readonly createdAt: number;
  status: 'created' | 'running' | 'restarting' | 'exited';
  exitCode: number;
  error: string;
  startedAt: number;
  finishedAt: number;
  restartCount: number;
  /** Stopped by a person: a policy does not start it again. */
  isStopped: boolean;
  readonly logs: LogLine[];
  process?: Process | undefined;
  retry?: NodeJS.Timeout | undefined;
}

/** What the daemon answers instead of doing it; `code` is the exit status of `docker run`. */
export class DaemonError extends Error {}
