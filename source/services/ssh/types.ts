import type { Grant } from '../grant.ts';

export interface CommandResult {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly exitSignal: string | null;
  /** Untrusted. */
  readonly stdout: string;
  readonly stderr: string;
  /** True when output beyond `maxBytes` was dropped. */
  readonly cut: boolean;
}

export interface CommandOptions {
  readonly input?: string | Uint8Array;
  /** Milliseconds; 30 s when absent. */
  readonly timeout?: number;
  /** Bytes kept of each stream; 4 MiB when absent. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
}

/** Commands on a host: over SSH, or on this machine when the destination is this machine. */
export interface Shell {
  readonly destination: string;
  readonly local: boolean;
  /** `user@host:port` as resolved. */
  readonly address: string;
  /** Runs an argument vector that changes nothing; it is quoted once, here. */
  read(argv: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult>;
  /** Runs an argument vector that changes something, within a write of the gate. */
  change(
    grant: Grant,
    argv: readonly [string, ...string[]],
    options?: CommandOptions,
  ): Promise<CommandResult>;
  close(): void;
}

/** A host key that known_hosts does not have; the user decides. */
export interface UnknownHostKey {
  /** As it would stand in known_hosts: `honey`, `[127.0.0.1]:2222`. */
  readonly host: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`. */
  readonly fingerprint: string;
  /** The file that would get the line. */
  readonly file: string;
  /** The line that would be added, without its newline. */
  readonly line: string;
}
