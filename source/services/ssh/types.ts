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
  /** Types of other keys that are known for the host: a server that is the same would rather have shown one of them. */
  readonly otherTypes: readonly string[];
}

/** What the user answers: connect this time, connect and add the line to known_hosts, or do not connect. */
export type HostKeyAnswer = 'once' | 'save' | 'refuse';

/** Something that the server, or the connecting, has to say to the user while it goes on. Text is safe to show. */
export interface Notice {
  /** `check`: a page to visit before the login goes on, as Tailscale asks for. */
  readonly kind: 'banner' | 'check' | 'prompt' | 'warning';
  readonly text: string;
  /** For `check`. */
  readonly url?: string;
}
