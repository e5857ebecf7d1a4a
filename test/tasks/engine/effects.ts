import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { hasEnded } from '../../../source/core/pipeline/timing.ts';
import type { RunPipeline } from '../../../source/core/plan/action.ts';
import type { Plan, PlanStep } from '../../../source/core/plan/plan.ts';
import { previewOf } from '../../../source/core/plan/preview.ts';
import { Secret } from '../../../source/core/secret.ts';
import type { Sandbox } from '../../../source/sandbox/types.ts';
import { openCheckout } from '../../../source/services/git/checkout.ts';
import { connectGitLab } from '../../../source/services/gitlab/connect.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { connectHost } from '../../../source/services/host/connectHost.ts';
import type { Host } from '../../../source/services/host/types.ts';
import { createTransport } from '../../../source/services/http/transport.ts';
import { openShell } from '../../../source/services/ssh/openShell.ts';
import type { Workspace } from '../../../source/services/workspace.ts';
import { historyOf } from '../../../source/tasks/engine/history.ts';
import { readRecords } from '../../../source/tasks/engine/record.ts';
import { goOn, runToResume, runToUndo } from '../../../source/tasks/engine/runs.ts';
import { unfinishedRuns } from '../../../source/tasks/engine/session.ts';
import { changeSteps, commandStep, fileStep, waitStep } from '../../../source/tasks/engine/steps.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { fakeWorkspace } from '../../frames/world.ts';
import { finish, planOf } from './world.ts';

/**
 * What a step of a random plan does. `half` makes two files; `again` may be run at any time; `try` runs two pipelines of a
 * branch: one that GitLab starts for the push, and another.
 */
export const kinds = ['edit', 'new', 'here', 'half', 'again', 'honey', 'wait', 'propose', 'try'] as const;
export type Kind = (typeof kinds)[number];

export type Servers = Pick<Sandbox['addresses'], 'gitlab' | 'honey'>;

/** Two folders: the checkout, and what commands of this machine make. */
export interface Place {
  readonly root: string;
  readonly state: string;
  /** Of files on honey, and of the branch. */
  readonly name: string;
}

export interface Reached {
  readonly workspace: Workspace;
  readonly gitlab: GitLab;
  readonly honey: Host;
}

/** A workspace over real servers, as one run of the program has it. */
export function reach({ gitlab, honey }: Servers, { root, state }: Place): Reached {
  const base = fakeWorkspace({ journal: join(state, 'journal.jsonl') });
  base.gate.arm();
  const { activity, gate, redact, now } = base;
  const service = connectGitLab({
    server: gitlab.url,
    projectPath: gitlab.project,
    token: new Secret(gitlab.token),
    transport: createTransport({ activity, redact }),
    redact,
    hide: () => {},
    now,
  });
  const { host: destination, port, user, identityFile, knownHosts } = honey;
  const access = { port, user, identityFile, knownHosts, configFile: '/dev/null' };
  const host = connectHost({
    destination,
    now,
    open: (signal) => openShell({ destination, gate, activity, ...access, ...(signal ? { signal } : {}) }),
  });
  return {
    gitlab: service,
    honey: host,
    workspace: {
      ...base,
      openCheckout: (signal) => openCheckout(root, signal),
      gitlab: { service },
      honey: { service: host },
    },
  };
}

export const probes = { ready: async () => ({ isReady: true, saw: 'ready' }) };

const fileOf = (index: number): string => `file-${index}`;
const madeBy = ({ state }: Place, index: number): string => join(state, '..', 'out', `made-${index}`);
const onHoney = ({ name }: Place, index: number): string => `/tmp/${name}-${index}`;

/** Made by a `half` step when its flag is there: the first of two files, then its parent is killed, and so is it. */
export const flagOf = (place: Place): string => join(place.state, '..', 'flag');
const half = 'printf a > "$1.a"; if [ -e "$2" ]; then rm "$2"; kill -9 $PPID; exit 9; fi; printf b > "$1.b"';
const isHalf = `if [ -e "$1.a" ] && [ -e "$1.b" ]; then exit 0; fi
if [ -e "$1.a" ] || [ -e "$1.b" ]; then echo "half of it is there"; exit 2; fi
exit 1`;

/** A plan of these kinds of steps, one after the other. */
export async function planFor(all: readonly Kind[], place: Place, { workspace }: Reached): Promise<Plan> {
  mkdirSync(join(place.state, '..', 'out'), { recursive: true });
  const parts = await Promise.all(all.map((kind, index) => stepsOf(kind, index, place, workspace)));
  return planOf(parts.flat(), { task: place.name });
}

async function stepsOf(
  kind: Kind,
  index: number,
  place: Place,
  workspace: Workspace,
): Promise<(PlanStep | undefined)[]> {
  const id = `${kind}-${index}`;
  const title = `Do ${id}`;
  const made = madeBy(place, index);
  const local = { id, title, effect: 'local', target: made } as const;
  const sh = (script: string, ...args: string[]): [string, ...string[]] => [
    'sh',
    '-c',
    script,
    'sh',
    ...args,
  ];
  switch (kind) {
    case 'edit':
    case 'new': {
      const change = (): string => `after ${id}\r\n`;
      return [await fileStep({ id, title, root: place.root, path: fileOf(index), change })];
    }
    case 'here': {
      const command = {
        where: 'here',
        argv: sh('printf done > "$1"', made),
        unless: sh('test -e "$1"', made),
        undo: [{ argv: ['rm', '-f', made] }],
      } as const;
      return [commandStep({ ...local, command })];
    }
    case 'half': {
      const undo = [{ argv: ['rm', '-f', `${made}.a`, `${made}.b`] as const }];
      const argv = sh(half, made, flagOf(place));
      const command = { where: 'here', argv, unless: sh(isHalf, made), undo } as const;
      return [commandStep({ ...local, command })];
    }
    case 'again': {
      const undo = [{ argv: ['rm', '-f', made] as const }];
      return [
        commandStep({ ...local, command: { where: 'here', argv: sh('printf done > "$1"', made), undo } }),
      ];
    }
    case 'honey': {
      const path = onHoney(place, index);
      const command = {
        where: 'honey',
        argv: sh('printf done > "$1"', path),
        unless: sh('test -e "$1"', path),
        undo: [{ argv: ['rm', '-f', path] }],
      } as const;
      return [commandStep({ ...local, effect: 'remote', command })];
    }
    case 'wait':
      return [waitStep({ id, title, target: 'nothing', probe: 'ready', timeout: 1 })];
    case 'propose':
      return proposal(title, place, workspace);
    case 'try': {
      const steps = await proposal(title, place, workspace);
      const commit = steps.find(({ action }) => action.kind === 'commit');
      return commit ? [commit, runStep(commit, 1), runStep(commit, 2)] : [];
    }
  }
}

function proposal(title: string, { name }: Place, workspace: Workspace): Promise<PlanStep[]> {
  return changeSteps({
    planning: { workspace, choice: { target: 'merge-request', settings: {} } },
    task: name,
    changes: [{ path: `${name}.md`, title, change: () => 'proposed\n' }],
    title,
    description: '',
  });
}

function runStep({ action: commit }: PlanStep, count: number): PlanStep {
  if (commit.kind !== 'commit') throw new TypeError(`${commit.kind} makes no branch`);
  const { server, project, branch } = commit;
  const action: RunPipeline = { kind: 'run-pipeline', server, project, branch, count };
  return {
    id: `pipeline-${count}`,
    title: `Run pipeline ${count}`,
    effect: 'remote',
    target: `${project}, branch ${branch}`,
    preview: previewOf(action),
    undo: { text: 'Cancel the pipeline while it runs.' },
    action,
  };
}

/** Files that the checkout has before. */
export function filesFor(all: readonly Kind[]): Record<string, string> {
  return Object.fromEntries(
    all.flatMap((kind, index) => (kind === 'edit' ? [[fileOf(index), `\uFEFFbefore ${index}\r\n`]] : [])),
  );
}

export type Seen = 'before' | 'after' | 'half';

/** What is there of each step that changes something, looked at without the engine. */
export async function observe(
  plan: Plan,
  place: Place,
  { gitlab, honey }: Reached,
): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  const is = (isThere: boolean): Seen => (isThere ? 'after' : 'before');
  const branch = `huskycat-tui/${place.name}`;
  for (const { id, action } of plan.steps) {
    const [kind, number] = id.split('-');
    const made = madeBy(place, Number(number));
    if (action.kind === 'edit-file') {
      const path = join(place.root, action.path);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
      const before = kind === 'edit' ? `\uFEFFbefore ${number}\r\n` : undefined;
      expect([before, action.text]).toContain(text);
      seen.set(id, is(text === action.text));
    } else if (kind === 'half') {
      const [a, b] = [existsSync(`${made}.a`), existsSync(`${made}.b`)];
      seen.set(id, a === b ? is(a) : 'half');
    } else if (kind === 'honey') {
      const shell = await honey.shell();
      seen.set(id, is((await shell.read(['test', '-e', onHoney(place, Number(number))])).code === 0));
    } else if (action.kind === 'commit') seen.set(id, is((await gitlab.branch(branch)) !== undefined));
    else if (action.kind === 'open-merge-request') {
      const requests = await gitlab.mergeRequests({ source: branch, target: 'main' });
      seen.set(id, is(requests.some(({ state }) => state === 'opened')));
    } else if (action.kind === 'run-pipeline') {
      const all = (await gitlab.pipelines({ ref: branch, limit: 20 })).toSorted((a, b) => a.id - b.id);
      expect(all.length).toBeLessThanOrEqual(2);
      const run = all[action.count - 1];
      seen.set(id, is(run !== undefined && !hasEnded(run.status)));
    } else if (action.kind === 'command') seen.set(id, is(existsSync(made)));
  }
  return seen;
}

/** The journal is not at odds with what is there: nothing is changed without an intent, and what it calls done is. */
export async function expectDescribed(
  plan: Plan,
  place: Place,
  reached: Reached,
): Promise<Map<string, Seen>> {
  const seen = await observe(plan, place, reached);
  const [run] = readRecords(reached.workspace).runs;
  const { entries } = await reached.workspace.journal.read();
  const history = historyOf(entries, run?.id ?? '');
  const branch = history.get('commit')?.state ?? 'none';
  for (const [id, state] of seen) {
    const said = history.get(id)?.state ?? 'none';
    // What GitLab starts for the push comes of the commit.
    if (id === 'pipeline-1' && said === 'none' && branch !== 'none' && branch !== 'undone') continue;
    const possible: readonly Seen[] =
      said === 'none' || said === 'undone'
        ? ['before']
        : said === 'done'
          ? ['after']
          : ['before', 'after', 'half'];
    expect(possible, `${id}, which the journal calls ${said}`).toContain(state);
  }
  return seen;
}

/** Ends an interrupted run: all of it is there then, or nothing. What is half there is only taken back. */
export async function expectEndsWell(
  plan: Plan,
  place: Place,
  reached: Reached,
  way: 'resume' | 'undo',
  isLockBroken = false,
): Promise<void> {
  const { workspace } = reached;
  const options = { workspace, isLockBroken, probes };
  const before = [...(await expectDescribed(plan, place, reached)).values()];
  const undo = async (): Promise<string> =>
    (await finish(undoRun(runToUndo(options, place.name), options))).outcome;
  let end = before.every((one) => one === 'after') ? 'done' : 'undone';
  if (unfinishedRuns(workspace).length > 0) {
    if (way === 'undo') end = await undo();
    else {
      const resumed = await finish(goOn(runToResume(options, place.name), options));
      if (resumed.failure) {
        expect(before).toContain('half');
        expect(resumed.failure.code).toBe('in-between');
        await expectDescribed(plan, place, reached);
        end = await undo();
      } else end = resumed.outcome;
    }
  }
  expect(['done', 'undone']).toContain(end);
  const after = await expectDescribed(plan, place, reached);
  for (const [id, state] of after)
    expect(`${id} ${state}`).toBe(`${id} ${end === 'done' ? 'after' : 'before'}`);
  expect(unfinishedRuns(workspace)).toEqual([]);
}
