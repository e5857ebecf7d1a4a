import { expect, test } from 'vitest';
import { NeedsUser } from '../../source/core/failure.ts';
import { createStarting } from '../../source/monitor/starting.ts';
import type { Watched } from '../../views/app.tsx';
import { noon, rich } from './snapshots.ts';
import { show } from './terminal.ts';
import { fakeMonitor, fakeWorkspace } from './world.ts';

const { monitor, workspace } = createStarting();

function given(open: () => Promise<Watched>) {
  return show(monitor.snapshot(), { monitor, workspace, open, columns: 120, rows: 30 });
}

test('answers keys before what is looked at is open, and keeps the place when it is', async () => {
  const opened = Promise.withResolvers<Watched>();
  const shown = await given(() => opened.promise);
  expect(shown.frame()).toContain('READ ONLY');
  await shown.type('2');
  await shown.type('a');
  expect(shown.frame()).toContain('it is still starting');
  opened.resolve({ monitor: fakeMonitor(rich(23)), workspace: fakeWorkspace({ now: () => noon }) });
  await shown.until('tinyland/ai/huskycat');
  await shown.type('+');
  expect(shown.frame()).toContain('Detail');
  await shown.type('a');
  expect(shown.frame()).toContain('Arm writes for ten minutes?');
});

test('ends with what is wrong when it cannot be opened', async () => {
  const failure = new NeedsUser({ tried: 'open', saw: 'broken', next: ['Mend it.'], code: 'broken' });
  const opened = Promise.withResolvers<Watched>();
  const shown = await given(() => opened.promise);
  const status = expect(shown.status).rejects.toBe(failure);
  opened.reject(failure);
  await status;
  expect(shown.terminal.buffer.active.type).toBe('normal');
});

test('leaves at once while it is still being opened, and never shows what comes later', async () => {
  const opened = Promise.withResolvers<Watched>();
  const shown = await given(() => opened.promise);
  await shown.type('\u0003');
  expect(await shown.status).toBe(0);
  const before = shown.written();
  opened.resolve({ monitor: fakeMonitor(rich(23)), workspace: fakeWorkspace({ now: () => noon }) });
  await shown.settle();
  expect(shown.written()).toBe(before);
});
