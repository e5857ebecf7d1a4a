import type { VerifyEvent, VerifyResult } from '../tasks/verification/model.ts';
import { type AnswerOptions, evidenceText, printJson, printLines, rungText } from './answer.ts';
import type { Io } from './io.ts';
import { printable } from './text.ts';

/** What one verification says while it runs. */
export function showVerifyEvent(event: VerifyEvent, { json }: Pick<AnswerOptions, 'json'>, io: Io): void {
  if (json) {
    io.stdout(`${JSON.stringify(event)}\n`);
    return;
  }
  if (event.state === 'started') {
    const lines = [`${event.verification} (${event.place})`, ...event.commands.map((one) => `  ${one}`)];
    printLines(io, lines.map(printable));
    return;
  }
  const lines = event.text.replace(/\n$/, '').split('\n');
  printLines(
    io,
    lines.map((line) => `    ${printable(line)}`),
  );
}

/** `verify`: what came of the verification commands. Gives the exit status: 1 when one failed, 2 when none could run, else 0. */
export function showVerifications(
  results: readonly VerifyResult[],
  { json, now }: AnswerOptions,
  io: Io,
): number {
  if (json) printJson(io, 'verify', now, { verifications: results });
  else printLines(io, results.flatMap((result) => resultLines(result, now)).map(printable));
  if (results.some(({ state }) => state === 'failed')) return 1;
  return results.every(({ state }) => state === 'could-not-run') ? 2 : 0;
}

function resultLines(
  { name, title, place, state, rung, evidence, because, next }: VerifyResult,
  now: string,
): string[] {
  const how = state === 'could-not-run' ? 'could not run' : state;
  return [
    `${rungText(rung)}  ${title} (${name}, ${place}): ${how}${because === undefined ? '' : `: ${because}`}`,
    ...evidence.map((one) => `  ${evidenceText([one], now)}`),
    ...(next ?? []).map((line) => `  next: ${line}`),
  ];
}
