import { expect, test } from 'vitest';
import { planFingerprint, sealPlan } from '../../../source/core/plan/fingerprint.ts';
import type { Plan } from '../../../source/core/plan/plan.ts';

const action = { kind: 'wait', probe: 'p', settings: {}, timeout: 1 } as const;
const plan: Plan = sealPlan({
  at: '2026-01-01T00:00:00.000Z',
  task: 'bazel-remote',
  option: 'local-disk',
  target: 'worktree',
  settings: { size: '50', bind: '127.0.0.1' },
  secrets: [{ name: 'password', title: 'password of the writers' }],
  steps: [
    {
      id: 'wait',
      title: 'Wait',
      effect: 'none',
      target: 'honey',
      preview: { diff: '' },
      undo: { text: 'Nothing.' },
      action,
    },
  ],
});

test.each<[string, Partial<Plan>]>([
  ['task', { task: 'container-layers' }],
  ['option', { option: 'kubernetes' }],
  ['target', { target: 'merge-request' }],
  ['a setting', { settings: { ...plan.settings, bind: '0.0.0.0' } }],
  ['a secret', { secrets: [] }],
  ['a step', { steps: plan.steps.map((step) => ({ ...step, target: 'elsewhere' })) }],
  ['an action', { steps: plan.steps.map((step) => ({ ...step, action: { ...action, timeout: 2 } })) }],
])('another %s is another plan', (_, change) => {
  expect(planFingerprint({ ...plan, ...change })).not.toBe(plan.fingerprint);
});

test('when it was made and the order of its keys do not matter', () => {
  const { size, bind } = plan.settings;
  const later = { ...plan, at: '2027-01-01T00:00:00.000Z', settings: { bind: bind ?? '', size: size ?? '' } };
  expect(planFingerprint(later)).toBe(plan.fingerprint);
});
