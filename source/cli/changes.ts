import type { Job } from '../core/ci/model.ts';
import type { Plan } from '../core/pipeline/gain.ts';
import type { RunnerSpec } from '../core/pipeline/runners.ts';
import { applyChanges, type Change } from '../core/pipeline/whatIf.ts';
import { usage } from './question.ts';

/** The forms of `--change`, as help and errors show them. */
const changeForms = [
  'job:NAME:needs=A,B',
  'job:NAME:needs= (starts at once)',
  'job:NAME:stage=STAGE',
  'job:NAME:tags=A,B',
  'job:NAME:duration=SECONDS',
  'runner:NAME:tags=A,B:concurrent=N',
] as const;

const jobForm = /^job:(.+):(needs|stage|tags|duration)=(.*)$/s;
const runnerForm = /^runner:(.+?)((?::(?:tags|concurrent)=[^:]*)*)$/s;

/**
 * The changes that the texts mean on a plan of these jobs; the name of a parallel job means each of its instances. Throws
 * `NeedsUser` for other forms, unknown names, and what GitLab would refuse.
 */
export function parseChanges(texts: readonly string[], jobs: readonly Job[], plan: Plan): Change[] {
  const changes: Change[] = [];
  for (const text of texts) {
    const refuse = (saw: string): Error => usage(`--change ${text}`, saw, 'ci simulate');
    const [, name, key, value = ''] = jobForm.exec(text) ?? [];
    const [, runner, settings = ''] = name === undefined ? (runnerForm.exec(text) ?? []) : [];
    if (name !== undefined && key !== undefined)
      changes.push(...jobChanges({ name, key, value }, jobs, plan, refuse));
    else if (runner !== undefined)
      changes.push({ kind: 'runner', runner: newRunner(runner, settings, plan.runners, refuse) });
    else
      throw refuse(
        `changes are ${changeForms.join(', ')}, or a task that changes the pipeline: TASK[:OPTION]`,
      );
  }
  const broken = problemOf(applyChanges(plan, changes));
  if (broken !== undefined) throw usage(`--change ${texts.join(' --change ')}`, broken, 'ci simulate');
  return changes;
}

type Refuse = (saw: string) => Error;

function jobChanges(
  { name, key, value }: { name: string; key: string; value: string },
  jobs: readonly Job[],
  { stages }: Plan,
  refuse: Refuse,
): Change[] {
  const names = instances(name, jobs, refuse);
  if (key === 'needs') {
    const needs = listed(value).flatMap((need) => instances(need, jobs, refuse));
    return names.map((job) => ({ kind: 'needs', job, needs }));
  }
  if (key === 'tags') return names.map((job) => ({ kind: 'tags', job, tags: listed(value) }));
  if (key === 'stage') {
    if (!stages.includes(value)) throw refuse(`the stages are ${stages.join(', ')}`);
    return names.map((job) => ({ kind: 'stage', job, stage: value }));
  }
  const seconds = Number(value);
  if (value.trim() === '' || !Number.isFinite(seconds) || seconds < 0)
    throw refuse('a duration is a number of seconds');
  return names.map((job) => ({ kind: 'duration', job, seconds }));
}

/** The job of a name, or every instance of the parallel job that it names. */
function instances(name: string, jobs: readonly Job[], refuse: Refuse): string[] {
  const found = jobs.filter((job) => job.name === name);
  const all = found.length > 0 ? found : jobs.filter(({ definition }) => definition.name === name);
  if (all.length === 0) throw refuse(`no job ${name} is in this pipeline; see: huskycat-tui ci jobs`);
  return all.map((job) => job.name);
}

/** Separated by commas, except within the brackets of a matrix job's name. */
function listed(text: string): string[] {
  return text
    .split(/,(?![^[\]]*\])/)
    .map((one) => one.trim())
    .filter(Boolean);
}

function newRunner(
  name: string,
  settings: string,
  runners: readonly RunnerSpec[] | undefined,
  refuse: Refuse,
): RunnerSpec {
  if (!runners)
    throw refuse('without --runners every job finds a runner at once, so one more changes nothing');
  if (runners.some((runner) => runner.name === name)) throw refuse(`there is a runner ${name} already`);
  const setting = (key: string): string | undefined => new RegExp(`:${key}=([^:]*)`).exec(settings)?.[1];
  const tags = listed(setting('tags') ?? '');
  const concurrent = Number(setting('concurrent') ?? 1);
  if (!Number.isInteger(concurrent) || concurrent < 1) throw refuse('concurrent is a whole number from 1 on');
  // As GitLab sets it for a new runner: without tags it has to take untagged jobs, with tags it does not unless told to.
  return { name, tags, runUntagged: tags.length === 0, concurrent };
}

/** What GitLab would refuse in the changed pipeline: a need on a later stage, or needs in a circle. */
function problemOf({ stages, jobs }: Plan): string | undefined {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const done = new Set<string>();
  const open = new Set<string>();
  const circle = (name: string): boolean => {
    if (done.has(name)) return false;
    if (open.has(name)) return true;
    open.add(name);
    const found = byName.get(name)?.needs?.some(circle) === true;
    open.delete(name);
    done.add(name);
    return found;
  };
  for (const { name, stage, needs } of jobs) {
    for (const need of needs ?? []) {
      const other = byName.get(need);
      if (other && stages.indexOf(other.stage) > stages.indexOf(stage))
        return `${name} (stage ${stage}) would need ${need} of the later stage ${other.stage}, which GitLab refuses`;
    }
    if (circle(name)) return `${name} would wait for itself: its needs go in a circle`;
  }
  return undefined;
}
