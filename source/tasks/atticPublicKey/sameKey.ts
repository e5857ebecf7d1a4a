import { Refused } from '../../core/failure.ts';
import type { ReadinessProbe } from '../readiness.ts';
import { atticWith } from './access.ts';

/** Whether the server still signs with the key of the plan. Throws `Refused` when it has another by now. */
export const sameKey: ReadinessProbe = async (workspace, { key = '', token }, signal) => {
  const attic = await atticWith(workspace, token, signal);
  if (!attic) return { isReady: false, saw: 'no cache is configured' };
  const { config } = await attic.look({}, signal);
  if ('failure' in config) return { isReady: false, saw: config.failure.saw };
  const { publicKey } = config.value;
  if (publicKey === key) return { isReady: true, saw: `the server gives ${key}` };
  throw new Refused({
    tried: 'see that the cache still has the key of the plan',
    saw: `plan is stale: it was made for ${key}, the server gives ${publicKey ?? 'none'} now`,
    next: ['Plan again.'],
    code: 'stale',
  });
};
