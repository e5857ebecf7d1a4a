import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluateIf } from '../../../source/core/ci/expression/evaluate.ts';

interface Case {
  readonly id: string;
  readonly expression: string;
  readonly variables: Record<string, string>;
  readonly truthful?: boolean;
  readonly invalid?: boolean;
}

const data = process.env.HUSKYCAT_TEST_DATA;
const cases: Case[] = data
  ? JSON.parse(readFileSync(join(data, 'ci-cases', 'expressions.json'), 'utf8'))
  : [];

describe.skipIf(!data)("GitLab's own expression specifications (HUSKYCAT_TEST_DATA)", () => {
  test.each(cases)('$id $expression', ({ expression, variables, truthful, invalid }) => {
    if (invalid) expect(() => evaluateIf(expression, variables)).toThrow();
    else expect(evaluateIf(expression, variables)).toBe(truthful);
  });
});
