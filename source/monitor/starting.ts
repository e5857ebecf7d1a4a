import { Refused } from '../core/failure.ts';
import type { Gate } from '../services/gate.ts';
import type { Workspace } from '../services/workspace.ts';
import type { Monitor, Snapshot } from './snapshot.ts';

/** What there is to look at while a session is still being opened: everything is loading, and nothing can be reached or written. */
export interface Starting {
  readonly workspace: Workspace;
  readonly monitor: Monitor;
}

const loading = { state: 'loading' } as const;

const nothingYet: Snapshot = {
  checkout: loading,
  project: loading,
  token: loading,
  variables: loading,
  protections: loading,
  runners: loading,
  pipelines: loading,
  pipeline: loading,
  signingJobs: loading,
  attic: loading,
  bazelRemote: loading,
  honey: loading,
  tools: loading,
  clockOffset: 0,
  subjects: [],
  findings: [],
  caches: [],
  variableRows: [],
  signing: [],
  tasks: [],
};

const nothing: readonly never[] = [];
const off = { off: 'It is still starting.' };

export function createStarting(): Starting {
  return { workspace: startingWorkspace(), monitor: startingMonitor() };
}

function startingMonitor(): Monitor {
  return {
    snapshot: () => nothingYet,
    subscribe: () => () => {},
    start() {},
    setInterest() {},
    refresh: () => Promise.resolve(),
    lookAt() {},
    stop() {},
  };
}

function startingWorkspace(): Workspace {
  return {
    profile: 'default',
    isSandbox: false,
    openCheckout: tooEarly,
    gitlab: off,
    attic: off,
    bazelRemote: off,
    honey: off,
    registry: { tags: tooEarly, resolve: tooEarly },
    toolchain: { look: tooEarly },
    gate: closedGate,
    journal: { path: '', append: tooEarly, read: () => Promise.resolve({ entries: [], damaged: 0 }) },
    activity: { begin: () => ({ end() {} }), list: () => nothing, subscribe: () => () => {} },
    redact: (text) => text,
    now: () => Date.now(),
  };
}

const closedGate: Gate = {
  armed: () => ({ state: 'read-only', locked: false }),
  arm() {
    throw stillStarting();
  },
  disarm() {},
  confirm: () => () => {},
  refusal: (effect) => (effect === 'own' ? undefined : off.off),
  perform: tooEarly,
  subscribe: () => () => {},
};

function tooEarly(): Promise<never> {
  return Promise.reject(stillStarting());
}

function stillStarting(): Refused {
  return new Refused({
    tried: 'reach something outside',
    saw: 'the program is still starting',
    next: ['Try again in a moment.'],
    code: 'starting',
  });
}
