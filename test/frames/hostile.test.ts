import { expect, test } from 'vitest';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { cacheRows, findings, pipelineJobs, rich, signingRows, taskRows, variableRows } from './snapshots.ts';
import { type Shown, show } from './terminal.ts';

const evil =
  '\u001B[2J\u001B[1;1H\u001B]0;owned\u0007\u001B]52;c;b3duZWQ=\u0007\u009B31m\u202Egnp.exe\u2066\u200B\u0000\r\n\t\uFE0F end';

/** Every text of a value replaced by another. */
function poisoned<T>(value: T, text: string): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, text)) as T;
  const fields = Object.entries(value).map(([key, field]) => {
    const isText =
      typeof field === 'string' &&
      !['rung', 'severity', 'kind', 'id', 'status', 'at', 'type', 'state'].includes(key);
    return [key, isText ? text + field : poisoned(field, text)];
  });
  return Object.fromEntries(fields) as T;
}

function hostile(text: string): Snapshot {
  return {
    ...poisoned(rich(), text),
    tasks: poisoned(taskRows, text),
    caches: poisoned(cacheRows, text),
    variableRows: poisoned(variableRows, text),
    signing: poisoned(signingRows, text),
    findings: poisoned(findings, text),
  };
}

/** Walks through every pane and screen. */
async function walk({ type }: Shown): Promise<void> {
  for (const keys of [
    '1\r',
    '\u001B',
    '2\r',
    '\u001B',
    '3+',
    '\r',
    '\u001B',
    '\u001B',
    '4',
    '5',
    '\r',
    '\u001B',
    '!',
    '\r',
  ])
    await type(keys);
}

/** Frames stand where they must: the first and last column of the panes are their borders. */
function expectWhole(shown: Shown, columns: number): void {
  const rows = shown.rows().slice(1, -1);
  for (const row of rows) expect(row, shown.frame()).toMatch(/[│╮╯]$|^ 1 /);
  expect(shown.terminal.buffer.active.length).toBe(rows.length + 2);
  expect(columns).toBe(shown.terminal.cols);
}

test('text from outside neither moves the cursor, nor sets title or clipboard, nor forges a line', async () => {
  const shown = await show(hostile(evil), { columns: 160, rows: 45 });
  let title = '';
  shown.terminal.onTitleChange((given) => {
    title = given;
  });
  await walk(shown);
  expect(title).toBe('');
  expect(shown.written()).not.toContain('\u001B]0;');
  expect(shown.written()).not.toContain('\u001B]52;');
  expect(shown.written()).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\u009B]/);
  expect(shown.written()).not.toContain('\u001B[1;1H');
  expectWhole(shown, 160);
});

test('wide, joined and combining characters leave every border in its column', async () => {
  const shown = await show(hostile('日本語 e\u0301 👩‍👩‍👧‍👦 ⚠️ ไทย '), { columns: 160, rows: 45 });
  await walk(shown);
  expectWhole(shown, 160);
});

test('texts of a megabyte are cut before they are drawn', async () => {
  const shown = await show(hostile('x'.repeat(1_000_000)), { columns: 80, rows: 24 });
  await walk(shown);
  expect(shown.frame()).toContain('Finding');
});

test('ten thousand variables and five thousand jobs answer keys and a filter', async () => {
  const [variable] = variableRows;
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    ...variable!,
    id: `variable/KEY_${index}`,
    key: `KEY_${index}`,
  }));
  const world = rich();
  const shown = await show(
    {
      ...world,
      variableRows: many,
      pipeline: { ...world.pipeline, value: { ...world.pipeline.value!, jobs: pipelineJobs(5_000) } },
    },
    { columns: 160, rows: 45 },
  );
  await shown.type('3G');
  expect(shown.frame()).toContain('KEY_9999');
  await shown.type('/777');
  expect(shown.frame()).toContain('/777  19 of 10000');
});

test('one broken pane says so, and the rest lives on', async () => {
  const broken = { ...cacheRows[0]! };
  Object.defineProperty(broken, 'drift', {
    get() {
      throw new Error('boom glpat-abcdefghijklmnop');
    },
  });
  const shown = await show({ ...rich(), caches: [broken] }, { columns: 160, rows: 45 });
  expect(shown.frame()).toContain('this part of the screen failed');
  expect(shown.frame()).toContain('boom [MASKED]');
  expect(shown.frame()).toContain('APPLE_CERTIFICATE_BASE64');
  await shown.type('3j');
  expect(shown.frame()).toContain('▶ ◐  APPLE_CERTIFICATE_PASSWORD');
  shown.monitor.show({ caches: cacheRows });
  await shown.type('\f');
  expect(shown.frame()).toContain('bazel-remote');
});
