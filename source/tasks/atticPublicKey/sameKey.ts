import { Refused } from '../../core/failure.ts';
import type { ReadinessProbe } from '../engine/wait.ts';

/** Whether the server still signs with the key of the plan. Throws `Refused` when it has another by now. */
export const sameKey: ReadinessProbe = async ({ attic }, { key = '' }, signal) => {
  if ('off' in attic) return { isReady: false, saw: attic.off };
  const { config } = await attic.service.look({}, signal);
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
