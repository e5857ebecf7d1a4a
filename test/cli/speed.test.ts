import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpeedFormat, showSpeed } from '../../source/cli/speed.ts';
import { openSession, type Session } from '../../source/compose/session.ts';
import { partValue } from '../../source/core/datum.ts';
import type { SpeedReport } from '../../source/core/speed/model.ts';
import type { Prices } from '../../source/core/speed/past.ts';
import { readSpeed } from '../../source/monitor/speed.ts';

let session: Session;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  await session.monitor.refresh(['checkout', 'project']);
  // On a busy machine a look may take longer than it is given: the next one will not.
  while (partValue(session.monitor.snapshot().bazelRemote.value?.status) === undefined)
    await session.monitor.refresh(['bazelRemote']);
});
afterAll(() => session.close());

async function read(more: { ref?: string; days?: number; prices?: Prices } = {}): Promise<SpeedReport> {
  const { prices = {}, ...query } = { days: 30, ...more };
  return readSpeed({ ...session.workspace, prices }, session.monitor.snapshot(), query);
}

function shown(report: SpeedReport, format: SpeedFormat) {
  let text = '';
  const status = showSpeed(report, format, { stdout: (part) => (text += part), stderr: () => {} });
  return { text, status };
}

test('the sandbox’s days are told apart by what changed in them', async () => {
  const { pipelines, rows } = await read();
  expect(pipelines).toMatchObject({ container: 0, other: 1 });
  // Nights decide whether the first commit of the days that are known is the first pipeline.
  expect(pipelines.clean).toBeGreaterThanOrEqual(1);
  expect(pipelines.docs).toBeGreaterThanOrEqual(3);
  expect(pipelines.python).toBeGreaterThanOrEqual(1);
  const image = rows.find(({ id }) => id === 'container-rebuild');
  expect(image?.measured?.n).toBeGreaterThanOrEqual(9);
  // As the plan says it is before anything is done: 25 to 30 minutes.
  expect(image?.measured?.median).toBeGreaterThanOrEqual(1_500);
  expect(image?.measured?.median).toBeLessThanOrEqual(1_800);
  expect(image).toMatchObject({ verdict: 'missed', ratio: null });
});

test('--json is one object of the schema, in which no measured number is without N and window', async () => {
  const { text, status } = shown(await read({ prices: { minute: 0.01 } }), 'json');
  expect(status).toBe(1);
  expect(text.trim().split('\n')).toHaveLength(1);
  const answer = JSON.parse(text);
  expect(answer).toMatchObject({ schema: 'huskycat-tui/speed@1' });
  // Nobody changed anything; durations drawn by chance may look like a shift all the same.
  expect(answer.changes.filter(({ source }: { source: string }) => source !== 'shift')).toEqual([]);
  expect(Object.keys(answer.rows[1])).toEqual([
    'id',
    'title',
    'unit',
    'baseline',
    'expectation',
    'measured',
    'ratio',
    'verdict',
    'because',
  ]);
  for (const { measured } of answer.rows)
    if (measured !== null) {
      expect(measured.n).toBeGreaterThan(0);
      expect(Date.parse(measured.window.from)).toBeLessThanOrEqual(Date.parse(measured.window.to));
      expect(measured.low).toBeLessThanOrEqual(measured.median);
      expect(measured.median).toBeLessThanOrEqual(measured.high);
    }
  const bazel = answer.cost.find(({ id }: { id: string }) => id === 'bazel-remote');
  expect(bazel.value).toBeGreaterThan(0);
  expect(bazel.perMonth).toBeUndefined();
});

test('--ref and --window are what is looked at', async () => {
  const branch = await read({ ref: 'main' });
  expect(branch.rows.flatMap(({ runs }) => runs).every(({ ref }) => ref === 'main')).toBe(true);
  expect(branch.pipelines.python).toBe(0);
  const last = await read({ days: 1 });
  const from = Date.parse(last.window.from);
  expect(last.rows.flatMap(({ runs }) => runs).every(({ at }) => at >= from)).toBe(true);
  const count = ({ pipelines }: SpeedReport): number =>
    Object.values(pipelines).reduce((sum, one) => sum + one, 0);
  expect(count(last)).toBeLessThan(count(await read()));
});

test('text and Markdown say N with each median, and what is too few', async () => {
  const report = await read();
  const { text } = shown(report, 'text');
  expect(text).toMatch(/^Container rebuild .*n=\d+, 2\d{3}-.*not reached: median of \d+ runs/m);
  expect(text).toMatch(/^Clean build .*not yet: \d of 5 runs/m);
  expect(text).toMatch(/plan: ~\$0-20\/mo/);
  const markdown = shown(report, 'markdown').text;
  expect(markdown).toMatch(/^## Build speed\n/);
  expect(markdown).toMatch(/^\| Container rebuild \| 25m to 30m \|/m);
});
