import { NeedsUser } from '../../core/failure.ts';
import { composeChanges } from '../../core/lifetimes/changes/compose.ts';
import type { Proposal } from '../../core/lifetimes/changes/model.ts';
import { usualDuration } from '../../core/pipeline/history.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { CiChange, ExpectedDuration } from '../rollout/change.ts';
import { readPast } from '../rollout/past.ts';
import type { Planning, Preflight, Refusal } from '../task.ts';
import { type Looked, lookAround } from './look.ts';
import { changesOf, wantedOf } from './settings.ts';

export const taskName = 'cache-lifetimes';

/** The changes that were chosen, as one change of the configuration. */
export async function change(planning: Planning): Promise<CiChange | Refusal> {
  const { settings } = planning.choice;
  const names = changesOf(planning.choice);
  const wanted = wantedOf(settings);
  const { composing, input, read } = await lookAround(planning, wanted);
  requireJobs([...(wanted.jobs ?? []), ...(wanted.producer === undefined ? [] : [wanted.producer])], input);
  const composed = composeChanges(names, composing);
  const seen = [logLine(read), ...composed.proposals.flatMap(proposalLines)];
  if ('refused' in composed) {
    const { refused, at, paste } = composed;
    const saw = at ? `${refused} (${at.file}:${at.line})` : refused;
    const fix = `write by hand: ${paste.join('\n')}`;
    return { refused: saw, preflight: [...seen, { id: 'edit', title: 'Edit', state: 'problem', saw, fix }] };
  }
  const durations = await durationsOf(composed.proposals, planning);
  return changeOf(composed, durations, seen);
}

/** A name that is mistyped would look as if there were nothing to do. */
function requireJobs(names: readonly string[], { configuration }: Looked['input']): void {
  const unknown = names.filter((name) => !configuration.jobs.has(name));
  if (unknown.length === 0) return;
  throw new NeedsUser({
    tried: 'plan cache-lifetimes for some jobs',
    saw: `the configuration has no job ${plain(unknown.join(', '), 200)}`,
    next: ['See the names: huskycat-tui ci jobs'],
    code: 'no-such-job',
  });
}

/** What jobs are expected to take, those that save a part of it measured against the pipelines that predictions are made from. */
async function durationsOf(
  proposals: readonly Proposal[],
  planning: Planning,
): Promise<readonly ExpectedDuration[]> {
  const expected = proposals.filter(({ state }) => state === 'open').flatMap((one) => one.expected);
  if (expected.length === 0) return [];
  const { history } = await readPast(planning);
  const known = new Map<string, ExpectedDuration>();
  for (const { job, cold, warm, less = 0, because } of expected) {
    const before = known.get(job);
    const usual = usualDuration(history, job)?.median;
    const base = { cold: cold ?? before?.cold ?? usual, warm: warm ?? before?.warm ?? usual };
    if (base.cold === undefined || base.warm === undefined) continue;
    known.set(job, {
      job,
      cold: Math.max(0, base.cold - less),
      warm: Math.max(0, base.warm - less),
      because: before ? `${before.because}, ${because}` : because,
    });
  }
  return [...known.values()];
}

function changeOf(
  {
    proposals,
    edits,
    newFiles,
  }: Pick<CiChange, 'edits'> & {
    readonly proposals: readonly Proposal[];
    readonly newFiles: ReadonlyMap<string, string>;
  },
  durations: readonly ExpectedDuration[],
  preflight: readonly Preflight[],
): CiChange {
  const open = proposals.filter(({ state }) => state === 'open');
  const [first] = open;
  const jobs = new Set(open.flatMap((one) => one.jobs));
  return {
    task: taskName,
    title: open.length === 1 && first ? first.title : 'Keep tools and caches longer',
    edits,
    ...(newFiles.size > 0 ? { newFiles } : {}),
    jobs,
    ...(durations.length > 0 ? { durations } : {}),
    fillsCaches: open.some((one) => one.fillsCaches),
    marks: open.flatMap((one) => one.marks),
    why: open.flatMap(({ title, tradeOff, because, saves, notes }) => [
      `### ${title}`,
      plain(because, 2_000),
      tradeOff,
      [...saves, ...notes.map((note) => `Left: ${note}.`)]
        .map((line) => `- ${plain(line, 1_000)}`)
        .join('\n'),
    ]),
    preflight,
  };
}

function logLine(read: Looked['read']): Preflight {
  const line = { id: 'logs', title: 'Logs' };
  if ('because' in read) return { ...line, state: 'unknown', saw: `none was read: ${read.because}` };
  return {
    ...line,
    state: read.runs > 0 ? 'fine' : 'unknown',
    saw: `${counted(read.runs, 'run')} of the jobs read`,
  };
}

/** What a change does, and a line for each thing that it saves or leaves. */
function proposalLines({ name, title, state, because, saves, notes }: Proposal): Preflight[] {
  return [
    {
      id: `change-${name}`,
      title,
      state: state === 'impossible' ? 'warning' : 'fine',
      saw: plain(because, 2_000),
    },
    ...saves.map(
      (saw): Preflight => ({ id: `saves-${name}`, title: 'Saves', state: 'fine', saw: plain(saw, 500) }),
    ),
    ...notes.map(
      (saw): Preflight => ({ id: `left-${name}`, title: 'Left', state: 'warning', saw: plain(saw, 500) }),
    ),
  ];
}
