import { NeedsUser } from '../../core/failure.ts';
import { composeChanges } from '../../core/lifetimes/changes/compose.ts';
import type { Proposal } from '../../core/lifetimes/changes/model.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { CiChange } from '../rollout/change.ts';
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
  return changeOf(composed, seen);
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

function changeOf(
  {
    proposals,
    edits,
    newFiles,
  }: Pick<CiChange, 'edits'> & {
    readonly proposals: readonly Proposal[];
    readonly newFiles: ReadonlyMap<string, string>;
  },
  preflight: readonly Preflight[],
): CiChange {
  const open = proposals.filter(({ state }) => state === 'open');
  const [first] = open;
  const jobs = new Set(open.flatMap((one) => one.jobs));
  const expected = new Map(open.flatMap((one) => one.expected).map((one) => [one.job, one]));
  return {
    task: taskName,
    title: open.length === 1 && first ? first.title : 'Keep tools and caches longer',
    edits,
    ...(newFiles.size > 0 ? { newFiles } : {}),
    jobs,
    ...(expected.size > 0 ? { durations: [...expected.values()] } : {}),
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
