import { inspect } from 'node:util';
import { Failure } from '../../../source/core/failure.ts';
import { createRedactor } from '../../../source/core/text/redact.ts';
import { type Activity, createActivity } from '../../../source/services/activity.ts';
import { createTransport } from '../../../source/services/http/transport.ts';
import type { Transport } from '../../../source/services/http/types.ts';

export interface HttpWorld {
  readonly transport: Transport;
  readonly activity: Activity;
  readonly redact: (text: string) => string;
  readonly hide: (secret: string) => void;
}

export function httpWorld(timeout = 5_000): HttpWorld {
  const redactor = createRedactor();
  const redact = redactor.redact;
  const activity = createActivity({ now: Date.now, redact });
  const transport = createTransport({ activity, redact, timeout });
  return { transport, activity, redact, hide: redactor.add };
}

/** The failure that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

/** All that a curious console.error would show of a value. */
export function everything(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, getters: true });
}
