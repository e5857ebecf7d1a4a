import type { ResolvedJobSet } from '../core/ci/jobSet.ts';
import type { CiFiles, PipelineEvent } from '../core/ci/model.ts';
import { type Audit, auditNeeds } from '../core/parallel/audit.ts';
import { describeUse, type Use } from '../core/parallel/uses.ts';
import { createWorld } from '../core/parallel/world.ts';
import { counted } from '../core/text/format.ts';
import { answerEvents, type CheckQuestion } from './check.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { printable } from './text.ts';

/** `ci needs`: what each need is used for and whether it can go, and what jobs without needs really wait for. Gives the exit status. */
export async function showNeeds(question: Omit<CheckQuestion, 'runners'>, io: Io): Promise<number> {
  const { sets, files } = await answerEvents(question);
  const errors = [...new Set([...sets.values()].flatMap((set) => set.errors.map(({ message }) => message)))];
  const isThere = [...sets.values()].some(({ jobs }) => jobs.length > 0);
  const audit = auditOf(sets, files);
  if (question.json) io.stdout(`${JSON.stringify(json(audit, sets, errors, question.now))}\n`);
  else io.stdout(text(audit, sets, errors));
  return isThere ? 0 : 1;
}

type Sets = ReadonlyMap<PipelineEvent, ResolvedJobSet>;

function auditOf(sets: Sets, files: CiFiles): Audit {
  const [first] = sets.values();
  return first ? auditNeeds(createWorld(first.configuration, sets, files)) : { needs: [], stageOrder: [] };
}

function json({ needs, stageOrder }: Audit, sets: Sets, errors: readonly string[], now: string) {
  const [first] = sets.values();
  return {
    schema: 'huskycat-tui/ci-needs@1',
    at: now,
    events: [...sets.keys()],
    needs: needs.map(({ job, need, uses, canGo, why, at }) => ({
      job,
      need,
      uses: uses.map(useJson),
      canGo,
      why,
      file: at.file,
      line: at.line,
    })),
    stageOrder: stageOrder.map(({ uses, at, ...rest }) => ({
      ...rest,
      uses: uses.map(({ job, uses: own }) => ({ job, uses: own.map(useJson) })),
      file: at.file,
      line: at.line,
    })),
    unresolved: first?.unresolved.map(({ include, because }) => ({ include, because })) ?? [],
    errors,
    assumptions: first?.assumptions ?? [],
  };
}

function useJson({ kind, what, isSure, at }: Use) {
  return { kind, what, sure: isSure, ...(at ? { file: at.file, line: at.line } : {}) };
}

function text({ needs, stageOrder }: Audit, sets: Sets, errors: readonly string[]): string {
  const [first] = sets.values();
  const idle = needs.filter(({ canGo }) => canGo === 'yes').length;
  const lines = errors.map((error) => printable(`error: ${error}`));
  lines.push(`${counted(needs.length, 'need')}, ${idle} for the order only`);
  const rows = needs.map(({ job, need, uses, canGo, why }) => [
    job,
    need,
    canGo,
    uses.map(describeUse).join('; ') || why,
  ]);
  if (rows.length > 0) lines.push('', ...table([['job', 'needs', 'can go', 'what for'], ...rows]));
  const waiting = stageOrder.filter(({ waitsFor }) => waitsFor > 0);
  if (waiting.length > 0)
    lines.push(
      '',
      `${counted(waiting.length, 'job')} in stage order`,
      '',
      ...table([
        ['job', 'waits for', 'can start earlier', 'why'],
        ...waiting.map(({ job, waitsFor, canStartEarlier, why, uses }) => [
          job,
          String(waitsFor),
          canStartEarlier,
          canStartEarlier === 'no' ? why : [why, ...uses.map((use) => use.job)].join(': '),
        ]),
      ]),
    );
  for (const { include, because } of first?.unresolved ?? [])
    lines.push(printable(`not looked at: ${include}: ${because}`));
  for (const assumption of first?.assumptions ?? []) lines.push(printable(`assumed: ${assumption}`));
  return lines.map((line) => `${line}\n`).join('');
}
