import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { CheckoutFacts } from '../../source/core/checkout/facts.ts';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import type { PipelineJob, PipelineSummary } from '../../source/core/gitlab/model.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { openCheckout } from '../../source/services/git/checkout.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { noon, rich } from './snapshots.ts';
import { fakeWorkspace } from './world.ts';

const configuration = `
nix:build: { script: [nix build .#huskycat] }
bazel:build: { script: [bazel build //...] }
`;

const logs: Readonly<Record<number, string>> = {
  41: `copying path '/nix/store/bbbb-python' from 'https://cache.nixos.org'...
copying path '/nix/store/cccc-zlib' from 'https://cache.nixos.org'...
building '/nix/store/aaaa-huskycat.drv'...
`,
  42: 'INFO: 228 processes: 61 internal, 167 processwrapper-sandbox.\n',
};

function iso(minutes: number): string {
  return new Date(noon - minutes * 60_000).toISOString();
}

function summary(id: number): PipelineSummary {
  const at = iso((100 - id) * 30);
  const common = { status: 'success', ref: 'main', source: 'push', sha: 'a'.repeat(40), webUrl: '' } as const;
  return { ...common, id, iid: id, createdAt: at, updatedAt: at };
}

function job(id: number, name: string): PipelineJob {
  return {
    id,
    name,
    stage: 'build',
    kind: 'build',
    status: 'success',
    allowFailure: false,
    createdAt: iso(30),
    finishedAt: iso(12),
    duration: 300,
    webUrl: '',
    tags: [],
    artifacts: [],
  };
}

export interface VerifyWorld {
  readonly workspace: Workspace;
  readonly snapshot: Snapshot;
  /** What GitLab was asked for. */
  readonly calls: string[];
  readonly folder: string;
  /** Puts a program on PATH. */
  program(name: string, script: string): void;
}

/** A checkout in a folder of its own, programs on PATH, and a GitLab with ten pipelines. */
export function verifyWorld({ readOnly = false } = {}): VerifyWorld {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-verify-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(folder, 'flake.nix'), '{}\n');
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const program = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('du', "printf '1258291\\t.cache/bazel\\n'");
  const calls: string[] = [];
  const asked = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  const gitlab: Partial<GitLab> = {
    server: 'https://gitlab.example',
    projectPath: 'tinyland/ai/huskycat',
    project: () =>
      Promise.resolve({
        id: 7,
        path: 'tinyland/ai/huskycat',
        defaultBranch: 'main',
        webUrl: '',
        archived: false,
      }),
    pipelines: () =>
      asked(
        'pipelines',
        Array.from({ length: 10 }, (_, index) => summary(99 - index)),
      ),
    pipeline: (id) =>
      asked(`pipeline ${id}`, {
        ...summary(id),
        tag: false,
        duration: 1_800 + (id % 7) * 20,
        finishedAt: iso((100 - id) * 30 - 25),
      }),
    jobs: (id) => asked(`jobs ${id}`, [job(41, 'nix:build'), job(42, 'bazel:build')]),
    trace: (id) => {
      calls.push(`trace ${id}`);
      return Promise.resolve(
        (async function* () {
          yield Buffer.from(logs[id] ?? '');
        })(),
      );
    },
    rateLimit: () => undefined,
    clockOffset: () => 0,
  };
  const set = jobSet('.gitlab-ci.yml', {
    event: 'push',
    ref: 'main',
    defaultBranch: 'main',
    variables: {},
    files: { read: () => configuration, list: () => [] },
  });
  const facts: Partial<CheckoutFacts> = {
    configuration: set.configuration,
    files: new Set(['flake.nix']),
    bazel: { claims: [] } as unknown as CheckoutFacts['bazel'],
  };
  return {
    folder,
    calls,
    program,
    snapshot: {
      ...rich(),
      facts: facts as CheckoutFacts,
      signingJobs: { state: 'fresh', value: [], fetchedAt: noon },
    },
    workspace: {
      ...fakeWorkspace({ now: () => noon, readOnly, journal: join(folder, 'journal.jsonl') }),
      openCheckout: (signal) => openCheckout(folder, signal),
      gitlab: { service: gitlab as GitLab },
    },
  };
}
