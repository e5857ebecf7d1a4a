import type { Io } from '../cli/io.ts';
import { showVerifications, showVerifyEvent } from '../cli/verification.ts';
import type { CommonFlags } from '../compose/flags.ts';
import type { Session } from '../compose/session.ts';
import { isAbort, NeedsUser } from '../core/failure.ts';
import { counted } from '../core/text/format.ts';
import type { Verification, VerifyPlace, VerifyResult } from '../tasks/verification/model.ts';
import { findVerification, runVerification, usualPlace, verifications } from '../tasks/verification/run.ts';
import { ask, canAsk } from './ask.ts';

export interface VerifyFlags {
  readonly where?: VerifyPlace;
  readonly folder?: string;
  readonly again?: boolean;
  readonly timeout: number;
  readonly yes?: boolean;
}

export interface VerifyQuestion {
  readonly name: string | undefined;
  readonly flags: CommonFlags & VerifyFlags;
  readonly session: Session;
  readonly io: Io;
}

/** Status of a program that Ctrl-C stopped. */
const interrupted = 130;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs one verification, or all that can be run in the place. Gives the exit status. */
export async function runVerify({ name, flags, session, io }: VerifyQuestion): Promise<number> {
  const { workspace, monitor } = session;
  const json = flags.json === true;
  const isAgain = flags.again === true;
  const chosen = chosenOnes(name, flags.where);
  const writing = chosen.filter(({ verification, place }) => verification.effect(place, isAgain) !== 'none');
  const mayWrite = writing.length > 0 && (await allowed(name, writing, flags));
  if (mayWrite === undefined) {
    io.stdout('Nothing was run.\n');
    return 1;
  }
  const stop = new AbortController();
  const onSignal = (): void => stop.abort(new DOMException('stopped', 'AbortError'));
  for (const one of signals) process.once(one, onSignal);
  try {
    await monitor.refresh();
    const known = { ...monitor.snapshot(), now: new Date().toISOString() };
    if (mayWrite) workspace.gate.arm(chosen.length * flags.timeout * 4_000);
    const results: VerifyResult[] = [];
    for (const { verification, place } of chosen) {
      const run = runVerification(verification, {
        workspace,
        known,
        place,
        timeout: flags.timeout,
        isAgain,
        signal: stop.signal,
        ...(flags.folder === undefined ? {} : { folder: flags.folder }),
      });
      let next = await run.next();
      for (; !next.done; next = await run.next()) showVerifyEvent(next.value, { json }, io);
      results.push(next.value);
    }
    return showVerifications(results, { json, now: new Date().toISOString() }, io);
  } catch (thrown) {
    if (!isAbort(thrown) || !stop.signal.aborted) throw thrown;
    io.stderr('Stopped.\n');
    return interrupted;
  } finally {
    workspace.gate.disarm();
    for (const one of signals) process.off(one, onSignal);
  }
}

interface Chosen {
  readonly verification: Verification;
  readonly place: VerifyPlace;
}

function chosenOnes(name: string | undefined, where: VerifyPlace | undefined): Chosen[] {
  if (name !== undefined) {
    const verification = findVerification(name);
    return [{ verification, place: where ?? usualPlace(verification) }];
  }
  return verifications
    .filter(({ places }) => where === undefined || places.includes(where))
    .map((verification) => ({ verification, place: where ?? usualPlace(verification) }));
}

/** Whether what builds may be run; undefined after a no. All together go on without it, and say so. */
async function allowed(
  name: string | undefined,
  writing: readonly Chosen[],
  { yes, json }: CommonFlags & VerifyFlags,
): Promise<boolean | undefined> {
  if (yes) return true;
  const names = writing.map(({ verification }) => verification.name).join(', ');
  if (canAsk() && json !== true)
    return (
      (await ask(`Run ${counted(writing.length, 'command')} that build or start a job (${names})?`)) ||
      undefined
    );
  if (name === undefined) return false;
  throw new NeedsUser({
    tried: `verify ${name}`,
    saw: 'it builds, or starts a job, and there is no terminal to ask in',
    next: ['Pass --yes to do it without a question.', 'To read the last log of a job instead: --where ci'],
    code: 'no-yes',
  });
}
