import { auditNeeds } from '../../core/parallel/audit.ts';
import { editsOf } from '../../core/parallel/edits.ts';
import type { Move } from '../../core/parallel/moves.ts';
import type { Valued } from '../../core/parallel/search.ts';
import { describeUse } from '../../core/parallel/uses.ts';
import { counted } from '../../core/text/format.ts';
import { plain } from '../../core/text/safe.ts';
import type { CiChange } from '../rollout/change.ts';
import type { Planning, Preflight, Refusal } from '../task.ts';
import { chosen } from './choose.ts';
import { type Looked, lookAround, taskName } from './look.ts';
import { costText, gainText } from './words.ts';

/** The moves that were chosen, as one change of the configuration; no edits where nothing would gain or all is done. */
export async function change(planning: Planning): Promise<CiChange | Refusal> {
  const looked = await lookAround(planning);
  const valued = chosen(looked, planning.choice);
  const audit = auditLines(looked);
  if ('refused' in valued) return refusedFor(valued.refused, audit);
  if ('done' in valued) {
    const line: Preflight = { id: 'moves', title: 'Moves', state: 'fine', saw: plain(valued.done, 500) };
    return {
      task: taskName,
      title: 'Change nothing',
      edits: [],
      jobs: new Set(),
      why: [],
      preflight: [...audit, line],
    };
  }
  const lines = [...audit, ...moveLines(looked, valued)];
  if (valued.problems.length > 0) return refusedFor(valued.problems.join('; '), lines);
  const { moves, waits } = valued;
  const edits = editsOf(looked.world, waits);
  const [move] = moves;
  const costs = plain(costText(valued), 2_000);
  return {
    task: taskName,
    title:
      moves.length === 1 && move
        ? plain(imperative(move), 200)
        : 'Run jobs at the same time that wait for nothing of each other',
    edits,
    jobs: new Set(edits.flatMap((edit) => ('job' in edit ? [edit.job] : []))),
    why: [
      moves.map(({ title }) => `- ${plain(title, 500)}`).join('\n'),
      costs === '' ? '' : `What it costs: ${costs}.`,
      table(looked, valued),
    ].filter((text) => text !== ''),
    preflight: lines,
  };
}

function refusedFor(because: string, lines: readonly Preflight[]): Refusal {
  const saw = plain(because, 1_000);
  return { refused: saw, preflight: [...lines, { id: 'moves', title: 'Moves', state: 'problem', saw }] };
}

/** A move as the subject of a commit. */
function imperative({ kind, changes, title }: Move): string {
  const [{ job = '', drop = [], stage = '' } = {}] = changes;
  switch (kind) {
    case 'at-once':
      return `Start ${job} at once`;
    case 'exact-needs':
      return `Let ${job} wait only for what it uses`;
    case 'drop-need':
      return `Let ${job} no longer wait for ${drop.join(', ')}`;
    case 'earlier-stage':
      return `Move ${job} to the stage ${stage}`;
    case 'plan':
      return `Let ${title}`.replace(' run in ', ' run in the stage ');
  }
}

function moveLines(looked: Looked, valued: Valued): Preflight[] {
  const { moves, handedOn, value } = valued;
  const isGain = value.gains.some(({ before, after }) => before - after >= 0.5);
  const isLoss = value.gains.some(({ before, after }) => after - before >= 0.5);
  return [
    ...moves.map(
      ({ id, title, guesses }): Preflight => ({
        id: `move-${id}`,
        title: plain(id, 120),
        state: guesses.length > 0 ? 'warning' : 'fine',
        saw: plain([title, ...guesses.map((guess) => `kept to be sure: ${guess}`)].join('; '), 1_000),
      }),
    ),
    ...handedOn.map(
      ({ job, need, isGate }): Preflight => ({
        id: `handed-${job}-${need}`,
        title: plain(job, 120),
        state: 'fine',
        saw: plain(
          isGate
            ? `waits for ${need} itself, so that nothing is published without its result`
            : `needs ${need} itself, of which it uses something`,
          500,
        ),
      }),
    ),
    ...(isGain && !isLoss
      ? []
      : [
          {
            id: 'moves-gain',
            title: 'What it brings',
            state: 'warning',
            saw: plain(gainText(looked, valued), 1_000),
          } as const,
        ]),
  ];
}

/** The audit in numbers, and each need that can go. */
function auditLines({ world }: Looked): Preflight[] {
  const { needs, stageOrder } = auditNeeds(world);
  const idle = needs.filter(({ canGo }) => canGo === 'yes');
  const early = stageOrder.filter(({ canStartEarlier }) => canStartEarlier === 'yes');
  const names = idle.slice(0, 12).map(({ job, need }) => `${job} → ${need}`);
  const more = idle.length > names.length ? ` and ${idle.length - names.length} more` : '';
  return [
    {
      id: 'audit-needs',
      title: 'Needs',
      state: 'fine',
      saw: plain(
        `${counted(needs.length, 'need')}, of which ${idle.length} are for the order only${idle.length > 0 ? `: ${names.join(', ')}${more}` : ''}`,
        1_000,
      ),
    },
    {
      id: 'audit-stage-order',
      title: 'Jobs in stage order',
      state: 'fine',
      saw: plain(
        `${stageOrder.length}, of which ${early.length} could start earlier${
          early.length > 0
            ? `: ${early
                .slice(0, 12)
                .map(({ job }) => job)
                .join(', ')}`
            : ''
        }`,
        1_000,
      ),
    },
  ];
}

const mostRows = 40;

/** The audit of the jobs that change, as a table of Markdown. */
function table({ world }: Looked, { waits }: Valued): string {
  const changed = new Set(
    [...waits].flatMap(([name, wait]) => (wait === world.waits.get(name) ? [] : [name])),
  );
  const rows = auditNeeds(world).needs.filter(({ job }) => changed.has(job));
  if (rows.length === 0) return '';
  const cell = (text: string): string => plain(text, 200).replaceAll('|', '\\|');
  return [
    '| job | needs | what for | can go |',
    '|---|---|---|---|',
    ...rows
      .slice(0, mostRows)
      .map(
        ({ job, need, uses, canGo, why }) =>
          `| ${[job, need, uses.map(describeUse).join('; ') || why, canGo].map(cell).join(' | ')} |`,
      ),
    ...(rows.length > mostRows ? [`| and ${rows.length - mostRows} more | | | |`] : []),
  ].join('\n');
}
