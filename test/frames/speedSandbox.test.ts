import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../source/compose/session.ts';
import { rich } from './snapshots.ts';
import { show } from './terminal.ts';

let session: Session;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
});
afterAll(() => session.close());

test('over the embedded world the plan’s table fills itself, and every row opens its detail', async () => {
  const { monitor, workspace } = session;
  const shown = await show(rich(), { columns: 120, rows: 36, monitor, workspace });
  await shown.type('m');
  await shown.until(/Container rebuild +25m to 30m .*n=\d+ .*not reached/);
  for (const title of ['Python change', 'Docs only', 'Container rebuild', 'Tool downloads']) {
    await shown.type('j');
    expect(shown.frame()).toMatch(new RegExp(`^│ ${title} +│$`, 'm'));
  }
  expect(shown.frame()).toContain('of 14 days');
  await shown.type('v');
  // Durations are drawn anew for each world, and now and then a dozen of them look like a shift.
  expect(shown.frame()).toMatch(
    /nothing that decides the speed changed|its duration moved, and no known change explains it/,
  );
  await shown.type('v');
  expect(shown.frame()).toMatch(/bazel-remote +\d/);
});
