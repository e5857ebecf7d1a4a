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

async function askOne(
  { ask, notify }: Pick<Host, 'ask' | 'notify'>,
  { plan, suggested }: Asking,
  kind: Change['kind'],
): Promise<Change | undefined> {
  const list = (text: string): string[] =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  const text = (title: string, lines: readonly string[], initial?: string): Promise<string | undefined> =>
    ask.text({ title, lines, ...(initial === undefined ? {} : { initial }) });
  const refuse = (why: string): undefined => {
    notify(why, 'warn');
    return undefined;
  };
  if (kind === 'runner') {
    const tags = await text('One runner more', [
      'Its tags, with commas between; nothing for one that takes jobs without tags.',
    ]);
    if (tags === undefined) return undefined;
    const places = Number(await text('One runner more', ['How many jobs it runs at once.'], '1'));
    if (!Number.isInteger(places) || places < 1)
      return refuse('a runner has at least one place; nothing was changed');
    return {
      kind,
      runner: {
        name: `runner more ${plan.runners?.length ?? 0}`,
        tags: list(tags),
        runUntagged: list(tags).length === 0,
        concurrent: places,
      },
    };
  }
  const job = (await text('Which job?', ['Its whole name.'], suggested))?.trim();
  if (job === undefined) return undefined;
  const known = plan.jobs.find(({ name }) => name === job);
  if (!known) return refuse(`there is no job ${job} in this pipeline`);
  if (kind === 'remove') return { kind, job };
  if (kind === 'stage') {
    const options = plan.stages.map((stage) => ({ value: stage, label: stage }));
    const stage = await ask.choice({ title: `The stage of ${job}`, lines: [`now ${known.stage}`], options });
    return stage === undefined ? undefined : { kind, job, stage };
  }
  if (kind === 'duration') {
    const given = await text(
      `The duration of ${job}`,
      ['As 25m, 90s or 1h 5m.'],
      `${Math.round(known.duration)}s`,
    );
    const seconds = given === undefined ? undefined : secondsOf(given);
    if (given !== undefined && seconds === undefined)
      return refuse(`${given} is no duration; write 25m or 90s`);
    return seconds === undefined ? undefined : { kind, job, seconds };
  }
  const isNeeds = kind === 'needs';
  const now = isNeeds ? known.needs?.join(', ') : known.tags.join(', ');
  const given = await text(
    isNeeds ? `The needs of ${job}` : `The tags of ${job}`,
    [
      isNeeds
        ? 'Names of jobs, with commas between; nothing to start at once, - for stage order.'
        : 'With commas between.',
    ],
    now ?? '-',
  );
  if (given === undefined) return undefined;
  if (!isNeeds) return { kind: 'tags', job, tags: list(given) };
  if (given.trim() === '-') return { kind: 'needs', job, needs: null };
  const missing = list(given).filter((name) => !plan.jobs.some((one) => one.name === name));
  if (missing.length > 0) return refuse(`there is no job ${missing.join(', ')} in this pipeline`);
  return { kind: 'needs', job, needs: list(given) };
}
