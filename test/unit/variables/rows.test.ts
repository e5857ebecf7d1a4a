import { expect, test } from 'vitest';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { Protections, Variable, VariableListing } from '../../../source/core/gitlab/model.ts';
import { definedVariables } from '../../../source/core/variables/defined.ts';
import { variableRows } from '../../../source/core/variables/rows.ts';
import { refsOfInterest } from '../../../source/core/variables/usable.ts';
import { variableUses } from '../../../source/core/variables/uses.ts';

const at = '2026-01-01T00:00:00.000Z';

function variable(key: string, given: Partial<Variable> = {}): Variable {
  return {
    key,
    type: 'env_var',
    masked: true,
    hidden: false,
    protected: false,
    raw: false,
    scope: '*',
    owner: { kind: 'group', path: 'tinyland' },
    value: { empty: false, multiline: false, maskable: true, hasDollar: false },
    ...given,
  };
}

/** Rows over a configuration whose jobs all exist for a push to main and for a tag. */
function rowsOf(
  yaml: string,
  listing: VariableListing | undefined,
  protections: Protections = { branches: ['main'], tags: [] },
) {
  const files = { read: (path: string) => (path === '.gitlab-ci.yml' ? yaml : undefined), list: () => [] };
  const { configuration, errors } = jobSet('.gitlab-ci.yml', {
    event: 'push',
    ref: 'main',
    defaultBranch: 'main',
    variables: {},
    files,
  });
  expect(errors).toEqual([]);
  return variableRows({
    uses: variableUses(configuration),
    defined: definedVariables(configuration),
    eventsOf: new Map(
      [...configuration.jobs.keys()].map((name) => [name, new Set(['push', 'tag'] as const)]),
    ),
    refs: refsOfInterest(protections, { defaultBranch: 'main', tags: ['v1.0'] }),
    readAt: at,
    listedAt: at,
    ...(listing ? { listing } : {}),
  });
}

const push = 'push:\n  script:\n    - attic push main "$ATTIC_TOKEN"\n';

test('a variable that is set, well formed and usable where it is read is reachable, and never shows a value', () => {
  const { rows, findings } = rowsOf(push, { variables: [variable('ATTIC_TOKEN')], unreadable: [] });
  const row = rows.find(({ key }) => key === 'ATTIC_TOKEN');
  expect(row).toMatchObject({
    rung: 'reachable',
    present: true,
    masked: true,
    usedBy: ['.gitlab-ci.yml:3'],
    usableOn: ['main', 'other branches', 'merge requests', 'tag v1.0'],
  });
  expect(findings.filter(({ id }) => id.includes('ATTIC_TOKEN'))).toEqual([]);
});

test('a variable that nobody set is absent; one that could not be looked for is unknown', () => {
  const absent = rowsOf(push, { variables: [], unreadable: [] });
  expect(absent.rows.find(({ key }) => key === 'ATTIC_TOKEN')).toMatchObject({
    rung: 'absent',
    present: false,
  });
  expect(absent.findings.find(({ id }) => id === 'variable-missing:variable/ATTIC_TOKEN')).toMatchObject({
    severity: 'error',
  });
  const owner = { kind: 'group', path: 'tinyland' } as const;
  const hidden = rowsOf(push, { variables: [], unreadable: [{ owner, because: '403 Forbidden' }] });
  expect(hidden.rows.find(({ key }) => key === 'ATTIC_TOKEN')?.rung).toBe('unknown');
  expect(rowsOf(push, undefined).rows.find(({ key }) => key === 'ATTIC_TOKEN')?.rung).toBe('unknown');
});

test('a protected variable that a job reads on an unprotected tag does not exist there', () => {
  const sign = 'sign:\n  script: notarize "$APPLE_ID"\n';
  const listing = { variables: [variable('APPLE_ID', { protected: true })], unreadable: [] };
  const open = rowsOf(sign, listing);
  expect(open.findings.find(({ rule }) => rule === 'variable-unusable')).toMatchObject({
    severity: 'error',
    where: { file: '.gitlab-ci.yml', line: 2 },
  });
  expect(open.rows.find(({ key }) => key === 'APPLE_ID')).toMatchObject({
    rung: 'valid',
    usableOn: ['main'],
  });
  const guarded = rowsOf(sign, listing, { branches: ['main'], tags: ['v*'] });
  expect(guarded.findings.filter(({ rule }) => rule === 'variable-unusable')).toEqual([]);
});

test('a $ in an expanded value mangles it; raw does not', () => {
  const value = { empty: false, multiline: false, maskable: false, hasDollar: true };
  const use = 'sign:\n  script: open "$APPLE_CERTIFICATE_PASSWORD"\n';
  const rules = (raw: boolean): string[] =>
    rowsOf(use, {
      variables: [variable('APPLE_CERTIFICATE_PASSWORD', { value, raw, masked: false })],
      unreadable: [],
    }).findings.flatMap(({ rule, id }) => (id.includes('CERTIFICATE_PASSWORD:') ? rule : []));
  expect(rules(false)).toEqual(['variable-mangled', 'variable-unmasked']);
  expect(rules(true)).toEqual(['variable-unmasked']);
});

test.each([
  ['set in variables', 'a:\n  variables: { OWN: "1" }\n  script: echo $OWN\n'],
  ['assigned by the script', 'a:\n  script:\n    - export OWN=1\n    - echo $OWN\n'],
  ['of a loop', 'a:\n  script: for OWN in a b; do echo $OWN; done\n'],
  ['of a matrix', 'a:\n  parallel: { matrix: [{ OWN: [x, y] }] }\n  script: echo $OWN\n'],
  ['predefined', 'a:\n  script: echo $CI_COMMIT_SHA $HOME\n'],
  ['escaped', 'a:\n  script: echo $$OWN\n'],
])('a variable %s wants no setting in GitLab', (_, yaml) => {
  const { rows } = rowsOf(yaml, { variables: [], unreadable: [] });
  expect(rows.filter(({ required }) => required === undefined)).toEqual([]);
});
