import { expect, test } from 'vitest';
import type { Rung } from '../../../source/core/evidence.ts';
import type { PipelineSummary } from '../../../source/core/gitlab/model.ts';
import type { SigningJob } from '../../../source/core/signing/jobs.ts';
import { lowest, signingRows } from '../../../source/core/signing/rows.ts';
import type { VariableRow } from '../../../source/core/variables/row.ts';
import { job } from '../pipeline/jobs.ts';

const at = '2026-01-01T00:00:00.000Z';
const account = ['APPLE_ID', 'APPLE_NOTARIZE_PASSWORD', 'APPLE_TEAM_ID'];
const trouble = {
  code: 'invalid-credentials',
  means: 'Apple refused the login',
  fix: 'Make a new password.',
};

function variable(key: string, rung: Rung): VariableRow {
  return {
    id: `variable/${key}`,
    key,
    rung,
    usedBy: [],
    evidence: [{ at, source: 's', saw: 'seen' }],
    findings: [],
  };
}

function signed(status: 'success' | 'failed', verdict?: SigningJob['verdict']): SigningJob {
  const pipeline = { id: 1, ref: 'v1.0' } as PipelineSummary;
  return { job: job('sign:pkg', 'sign', { status }), pipeline, ...(verdict ? { verdict } : {}) };
}

/** The rung of the notarization account, whose variables stand on these rungs. */
function accountOn(rungs: readonly Rung[], jobs: readonly SigningJob[] = []): Rung | undefined {
  const variables = rungs.map((rung, index) => variable(account[index] ?? '', rung));
  const { rows } = signingRows(variables, jobs, at);
  return rows.find(({ id }) => id === 'signing/notarization-account')?.rung;
}

test.each<[Rung[], Rung]>([
  [[], 'unknown'],
  [['reachable', 'unknown'], 'unknown'],
  [['unknown', 'absent'], 'absent'],
  [['reachable', 'valid', 'proven'], 'valid'],
  [['proven'], 'proven'],
])('the lowest of %j is %s', (rungs, rung) => {
  expect(lowest(rungs)).toBe(rung);
});

test('a credential is as good as its worst variable, one that was not looked at is unknown', () => {
  expect(accountOn(['reachable', 'present', 'reachable'])).toBe('present');
  expect(accountOn(['reachable', 'reachable'])).toBe('unknown');
  expect(accountOn(['reachable', 'reachable', 'reachable'])).toBe('reachable');
});

test('a credential that can be used is proven by a job that signed, and by nothing less', () => {
  const all: Rung[] = ['reachable', 'reachable', 'reachable'];
  expect(accountOn(all, [signed('success')])).toBe('proven');
  expect(accountOn(all, [signed('success', 'accepted')])).toBe('proven');
  expect(accountOn(all, [signed('success', trouble)])).toBe('reachable');
  expect(accountOn(all, [signed('failed')])).toBe('reachable');
  expect(accountOn(['valid', 'reachable', 'reachable'], [signed('success')])).toBe('valid');
});

test('a job that failed, or whose log tells of trouble, is an error with what to do', () => {
  const look = (one: SigningJob) => {
    const { rows, findings } = signingRows([], [one], at);
    return [rows.at(-1)?.rung, findings.map(({ rule, severity, fix }) => [rule, severity, fix])];
  };
  expect(look(signed('success'))).toEqual(['proven', []]);
  expect(look(signed('success', trouble))).toEqual([
    'present',
    [['signing-invalid-credentials', 'error', { text: trouble.fix }]],
  ]);
  expect(look(signed('failed'))).toEqual([
    'present',
    [['signing-failed', 'error', { text: expect.stringMatching(/^Read the log: huskycat-tui log \d+$/) }]],
  ]);
});
