import { Failure, NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { withLines } from '../engine/lines.ts';
import { streamed } from '../engine/streamed.ts';
import { bazelTwice } from './bazelTwice.ts';
import { diskCache } from './diskCache.ts';
import type {
  Verdict,
  Verification,
  VerifyContext,
  VerifyEvent,
  VerifyPlace,
  VerifyResult,
} from './model.ts';
import { nixBuild } from './nixBuild.ts';
import { pipelineDuration } from './pipelineDuration.ts';
import { signing } from './signing.ts';

/** The plan's verification commands, in its order. */
export const verifications: readonly Verification[] = [
  nixBuild,
  bazelTwice,
  diskCache,
  signing,
  pipelineDuration,
];

/** One by its name. Throws `NeedsUser` with the names there are. */
export function findVerification(name: string): Verification {
  const found = verifications.find((one) => one.name === name);
  if (found) return found;
  throw new NeedsUser({
    tried: `find the verification ${plain(name, 60)}`,
    saw: 'there is no such verification',
    next: [`Verifications: ${verifications.map((one) => one.name).join(', ')}`],
    code: 'no-such-verification',
  });
}

/** Where one is run when nothing is said. */
export function usualPlace({ places }: Verification): VerifyPlace {
  return places[0] ?? 'ci';
}

export type VerifyOptions = Omit<VerifyContext, 'onOutput'>;

/** Runs one, with its output as it comes. What keeps it from running is in the result; a stop by the signal is thrown. */
export async function* runVerification(
  verification: Verification,
  options: VerifyOptions,
): AsyncGenerator<VerifyEvent, VerifyResult, void> {
  const { name, title, places, commands } = verification;
  const { place, workspace, signal } = options;
  const base = { name, title, place };
  if (!places.includes(place))
    return {
      ...base,
      ...blank,
      because: `it can be run in ${places.join(', ')}`,
      next: [`--where ${places[0] ?? ''}`],
    };
  yield { verification: name, state: 'started', place, commands: commands(place) };
  try {
    const verdict = yield* streamed<VerifyEvent, Verdict>((emit) =>
      withLines(
        name,
        workspace.redact,
        (event) => {
          if (event.state === 'output')
            emit({ verification: name, state: 'output', text: event.text, stream: event.stream });
        },
        (onOutput) => verification.run({ ...options, onOutput }),
      ),
    );
    return { ...base, ...verdict };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof Failure)) throw thrown;
    return { ...base, ...blank, because: `${thrown.tried}: ${thrown.saw}`, next: thrown.next };
  }
}

const blank = { state: 'could-not-run', rung: 'unknown', evidence: [], numbers: {} } as const;
