import { expect, test } from 'vitest';
import { everything, failureOf } from '../http/world.ts';
import { api, connected, projectRow } from './world.ts';

test('variables of the project and all groups above, without a value in sight', async () => {
  const value = 'correct-horse-battery';
  const { gitlab, redact, activity } = await connected({
    [`GET ${api}/variables`]: {
      body: [
        {
          key: 'APPLE_PASSWORD',
          variable_type: 'env_var',
          value,
          hidden: false,
          protected: true,
          masked: true,
          raw: true,
          environment_scope: 'production',
          description: 'for \u001B[31mnotary',
        },
        {
          key: 'HIDDEN',
          variable_type: 'env_var',
          value: null,
          hidden: true,
          masked: true,
          protected: false,
          raw: false,
          environment_scope: '*',
          description: null,
        },
        { key: 'OLD_SERVER', value: 'has $REF\nand lines', protected: false },
        { key: 'EMPTY', variable_type: 'file', value: '', protected: false, masked: false },
      ],
    },
    'GET /api/v4/groups/tinyland%2Fai/variables': { status: 403, body: { message: '403 Forbidden' } },
    'GET /api/v4/groups/tinyland/variables': {
      body: [
        { key: 'SHARED', value: 'plainvalue', masked: false, protected: false },
        { key: 'APPLE_CERTIFICATE_PASSWORD', value: 'un$masked horse', masked: false, protected: false },
      ],
    },
  });
  const listing = await gitlab.variables();
  const owner = { kind: 'project', path: 'tinyland/ai/huskycat' };
  expect(listing).toEqual({
    variables: [
      {
        key: 'APPLE_PASSWORD',
        type: 'env_var',
        masked: true,
        hidden: false,
        protected: true,
        raw: true,
        scope: 'production',
        description: 'for notary',
        owner,
        value: { empty: false, multiline: false, maskable: true, hasDollar: false },
      },
      {
        key: 'HIDDEN',
        type: 'env_var',
        masked: true,
        hidden: true,
        protected: false,
        raw: false,
        scope: '*',
        owner,
      },
      {
        key: 'OLD_SERVER',
        type: 'env_var',
        masked: false,
        hidden: false,
        protected: false,
        raw: false,
        scope: '*',
        owner,
        value: { empty: false, multiline: true, maskable: false, hasDollar: true },
      },
      {
        key: 'EMPTY',
        type: 'file',
        masked: false,
        hidden: false,
        protected: false,
        raw: false,
        scope: '*',
        owner,
        value: { empty: true, multiline: false, maskable: false, hasDollar: false },
      },
      expect.objectContaining({ key: 'SHARED', owner: { kind: 'group', path: 'tinyland' } }),
      expect.objectContaining({ key: 'APPLE_CERTIFICATE_PASSWORD', masked: false }),
    ],
    unreadable: [
      { owner: { kind: 'group', path: 'tinyland/ai' }, because: '403 Forbidden: needs the role Owner' },
    ],
  });
  expect(everything([listing, activity.list()])).not.toContain(value);
  expect(redact(`echo ${value}`)).toBe('echo [MASKED]');
  expect(redact('login un$masked horse')).toBe('login [MASKED]');
  expect(redact('plainvalue')).toBe('plainvalue');
});

test('a wrong shape of variables is named without quoting a value', async () => {
  const { gitlab } = await connected({
    [`GET ${api}/variables`]: {
      body: [{ key: 'A', value: { nested: 'correct-horse' }, masked: 'correct-horse' }],
    },
    'GET /api/v4/groups/tinyland%2Fai/variables': { body: [] },
    'GET /api/v4/groups/tinyland/variables': { body: [] },
  });
  const failure = await failureOf(gitlab.variables());
  expect(failure).toMatchObject({
    kind: 'bug',
    code: 'unexpected-shape',
    tried: 'GET projects/tinyland/ai/huskycat/variables',
  });
  expect(everything(failure)).not.toContain('correct-horse');
});

test('a personal project has no groups above; a scope that is missing everywhere is thrown', async () => {
  const personal = {
    ...projectRow,
    path_with_namespace: 'ada/tool',
    namespace: { kind: 'user', full_path: 'ada' },
  };
  const { gitlab, asked } = await connected({
    'GET /api/v4/projects/tinyland%2Fai%2Fhuskycat': { body: personal },
    [`GET ${api}/variables`]: { status: 403, body: { error: 'insufficient_scope', scope: 'read_api' } },
  });
  expect((await failureOf(gitlab.variables())).code).toBe('missing-scope');
  expect(asked()).toEqual([`GET ${api}/variables?per_page=100`]);
});
