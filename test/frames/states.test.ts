import { expect, test } from 'vitest';
import type { FailureView } from '../../source/core/datum.ts';
import { noon, rich, variableRows } from './snapshots.ts';
import { show } from './terminal.ts';

const expired: FailureView = {
  kind: 'needs-user',
  tried: 'GET https://gitlab.com/api/v4/user',
  saw: '401 invalid_token: Token is expired',
  next: ['Make a new token with the scope read_api.'],
  code: 'token-expired',
};

const away: FailureView = {
  kind: 'unavailable',
  tried: 'GET https://gitlab.com/api/v4/projects/1/variables',
  saw: 'no answer within 15 s',
  next: ['Check the network, then press r.'],
  code: 'timeout',
};

test('a pane without an answer says what was tried, what came back and what to do next', async () => {
  const { frame, type } = await show({
    ...rich(),
    variableRows: [],
    variables: { state: 'failed', failure: away },
  });
  await type('3');
  expect(frame()).toContain('✖ failed');
  expect(frame()).toContain(away.saw);
  expect(frame()).toContain(away.tried);
  expect(frame()).toContain('→ Check the network, then press r.');
});

test('a source that wants a token says so in its pane and in the header', async () => {
  const failed = { state: 'failed', failure: expired } as const;
  const { frame, rows, type } = await show({ ...rich(), variableRows: [], variables: failed, token: failed });
  await type('3');
  expect(frame()).toContain('needs sign-in');
  expect(frame()).toContain('press s to sign in');
  expect(rows()[0]).toContain('GitLab sign in: s');
});

test('the last good value stays, marked with its age, with what to do under it', async () => {
  const stale = {
    state: 'stale',
    value: { variables: [], unreadable: [] },
    fetchedAt: noon - 7 * 60_000,
    failure: away,
  } as const;
  const { frame, type } = await show({ ...rich(), variables: stale });
  await type('3');
  expect(frame()).toContain('⚠ stale 7m');
  expect(frame()).toContain('APPLE_CERTIFICATE_BASE64');
  expect(frame()).toContain('⚠ no answer within 15 s → Check the network, then press r.');
});

test('what is off says what to set', async () => {
  const off = { state: 'off', off: 'set a GitLab project with --project GROUP/NAME' } as const;
  const world = await show({ ...rich(), variableRows: [], variables: off });
  await world.type('3');
  expect(world.frame()).toContain('set a GitLab project with --project GROUP/NAME');
  world.monitor.show({ variableRows });
  await world.settle();
  expect(world.frame()).toContain('off: set a GitLab project');
});
