/** Where the parts of a running sandbox are; printed as one JSON line by the command `sandbox`. */
export interface SandboxAddresses {
  readonly gitlab: {
    readonly url: string;
    /** Scope `api`. */
    readonly token: string;
    /** Scope `read_api`. */
    readonly readOnlyToken: string;
    /** `tinyland/ai/huskycat`. */
    readonly project: string;
  };
  readonly attic: {
    readonly url: string;
    readonly cache: string;
    readonly publicKey: string;
    /** May pull and push. */
    readonly token: string;
  };
  readonly bazelRemote: { readonly http: string; readonly grpc: string };
  readonly honey: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly identityFile: string;
    readonly knownHosts: string;
  };
  /** Path of the temporary git checkout. */
  readonly checkout: string;
}

export interface Sandbox {
  readonly addresses: SandboxAddresses;
  /** Stops every server and removes the temporary files. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** How many seconds of the world pass in one second here; 60 when absent. */
  readonly speed?: number;
  /** A colleague merges what this program proposed, once its pipeline is green; nobody does when absent. */
  readonly mergesProposals?: boolean;
  /** The first of the ports to use; free ones when absent. */
  readonly portBase?: number;
}

/** The world's clock: it starts at the real time and runs `speed` times as fast. */
export interface WorldClock {
  readonly speed: number;
  /** Milliseconds since the epoch, in the world. */
  now(): number;
  /** Calls back when the world's clock reaches `at`; the answer cancels. */
  at(at: number, run: () => void): () => void;
}
