import type { Pipeline } from '../../../source/core/gitlab/model.ts';
import type { Plan } from '../../../source/core/pipeline/gain.ts';
import type { Change } from '../../../source/core/pipeline/whatIf.ts';
import type { Host } from '../../host.ts';
import { askTask } from './askTask.ts';
import { secondsOf } from './plan.ts';
import type { Thought } from './view.ts';

const kinds = [
  ['needs', 'Other needs'],
  ['stage', 'Another stage'],
  ['duration', 'Another duration'],
  ['tags', 'Other tags'],
  ['remove', 'Leave a job out'],
  ['runner', 'One runner more'],
  ['task', 'A task of the plan'],
] as const satisfies readonly (readonly [Change['kind'] | 'task', string])[];

export interface Asking {
  readonly plan: Plan;
  readonly pipeline: Pipeline;
  /** The job that a change is most likely meant for. */
  readonly suggested: string | undefined;
}

type Asker = Pick<Host, 'ask' | 'notify'>;
type PlannedJob = Plan['jobs'][number];

/** Asks for a change to a plan; undefined when the user thought better of it, or what was said makes no sense (and why). */
export async function askChange(host: Host, asking: Asking): Promise<Thought | undefined> {
  const answer = await host.ask.choice({
    title: 'What would be different?',
    lines: ['Nothing is changed: the pipeline is simulated with it.'],
    options: kinds.map(([value, label]) => ({ value, label })),
  });
  const kind = kinds.find(([value]) => value === answer)?.[0];
  if (kind === undefined) return undefined;
  if (kind === 'task') return askTask(host, asking.pipeline);
  const change = await askOne(host, asking, kind);
  return change && { changes: [change] };
}

type Asked = Change | undefined;

function askOne(host: Asker, asking: Asking, kind: Change['kind']): Promise<Asked> {
  return kind === 'runner' ? askRunner(host, asking.plan) : askJob(host, asking, kind);
}

async function askRunner({ ask, notify }: Asker, { runners = [] }: Plan): Promise<Asked> {
  const title = 'One runner more';
  const lines = ['Its tags, with commas between; nothing for one that takes jobs without tags.'];
  const given = await ask.text({ title, lines });
  if (given === undefined) return undefined;
  const places = await ask.text({ title, lines: ['How many jobs it runs at once.'], initial: '1' });
  if (places === undefined) return undefined;
  const concurrent = Number(places);
  if (!Number.isInteger(concurrent) || concurrent < 1)
    return refuse(notify, 'a runner has at least one place; nothing was changed');
  const tags = listed(given);
  const name = `runner more ${runners.length}`;
  return { kind: 'runner', runner: { name, tags, runUntagged: tags.length === 0, concurrent } };
}

/** Which job, then what of it would be different. */
async function askJob(
  host: Asker,
  { plan, suggested }: Asking,
  kind: Exclude<Change['kind'], 'runner'>,
): Promise<Asked> {
  const initial = suggested === undefined ? {} : { initial: suggested };
  const name = await host.ask.text({ title: 'Which job?', lines: ['Its whole name.'], ...initial });
  if (name === undefined) return undefined;
  const job = plan.jobs.find((one) => one.name === name.trim());
  if (!job) return refuse(host.notify, `there is no job ${name.trim()} in this pipeline`);
  switch (kind) {
    case 'remove':
      return { kind, job: job.name };
    case 'stage':
      return askStage(host, plan, job);
    case 'duration':
      return askDuration(host, job);
    case 'tags':
      return askTags(host, job);
    case 'needs':
      return askNeeds(host, plan, job);
  }
}

async function askStage({ ask }: Asker, { stages }: Plan, job: PlannedJob): Promise<Asked> {
  const stage = await ask.choice({
    title: `The stage of ${job.name}`,
    lines: [`now ${job.stage}`],
    options: stages.map((one) => ({ value: one, label: one })),
  });
  return stage === undefined ? undefined : { kind: 'stage', job: job.name, stage };
}

async function askDuration({ ask, notify }: Asker, job: PlannedJob): Promise<Asked> {
  const initial = `${Math.round(job.duration)}s`;
  const lines = ['As 25m, 90s or 1h 5m.'];
  const given = await ask.text({ title: `The duration of ${job.name}`, lines, initial });
  if (given === undefined) return undefined;
  const seconds = secondsOf(given);
  if (seconds === undefined) return refuse(notify, `${given} is no duration; write 25m or 90s`);
  return { kind: 'duration', job: job.name, seconds };
}

async function askTags({ ask }: Asker, job: PlannedJob): Promise<Asked> {
  const initial = job.tags.join(', ');
  const given = await ask.text({
    title: `The tags of ${job.name}`,
    lines: ['With commas between.'],
    initial,
  });
  return given === undefined ? undefined : { kind: 'tags', job: job.name, tags: listed(given) };
}

async function askNeeds({ ask, notify }: Asker, { jobs }: Plan, job: PlannedJob): Promise<Asked> {
  const given = await ask.text({
    title: `The needs of ${job.name}`,
    lines: ['Names of jobs, with commas between; nothing to start at once, - for stage order.'],
    initial: job.needs?.join(', ') ?? '-',
  });
  if (given === undefined) return undefined;
  if (given.trim() === '-') return { kind: 'needs', job: job.name, needs: null };
  const needs = listed(given);
  const missing = needs.filter((name) => !jobs.some((one) => one.name === name));
  if (missing.length > 0) return refuse(notify, `there is no job ${missing.join(', ')} in this pipeline`);
  return { kind: 'needs', job: job.name, needs };
}

function refuse(notify: Host['notify'], why: string): undefined {
  notify(why, 'warn');
  return undefined;
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
