import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';

/** Hash over everything of a plan but its time and what is expected of it: two plans with the same one do the same. */
export function planFingerprint({ schema, task, option, target, settings, secrets, steps }: Plan): string {
  const canonical = JSON.stringify(sorted({ schema, task, option, target, settings, secrets, steps }));
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
}

/** Gives a plan its fingerprint. */
export function sealPlan(plan: Omit<Plan, 'schema' | 'fingerprint'>): Plan {
  const open: Plan = { ...plan, schema: 'huskycat-tui/task-plan@1', fingerprint: '' };
  return { ...open, fingerprint: planFingerprint(open) };
}

/** The same value with the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
