import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failedJob, stampedJob } from '../unit/trace/samples.ts';
import { workspaceWithLog } from './logWorld.ts';
import { withPipeline } from './pipelineWorld.ts';
import { type Shown, show } from './terminal.ts';

const snapshot = withPipeline();
const job = snapshot.pipeline.value!.jobs.find(({ name }) => name === 'unit')!;

async function open(text: string, columns = 80, rows = 24, options = {}): Promise<Shown> {
  const workspace = workspaceWithLog(Buffer.from(text), job, options);
  const shown = await show(snapshot, { columns, rows, workspace });
  await shown.type('5');
  await shown.type('/unit\r');
  await shown.type('l');
  await shown.until('whole');
  return shown;
}

function numbered(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
}

test.each([
  [80, 24],
  [160, 45],
])('a log at %ix%i', async (columns, rows) => {
  const { frame } = await open(failedJob, columns, rows);
  await expect(`${frame()}\n`).toMatchFileSnapshot(`frames/log-${columns}x${rows}.txt`);
});

test('opens at its end, moves, and goes to a line', async () => {
  const shown = await open(numbered(1_000));
  expect(shown.frame()).toContain('line 1000');
  await shown.type('g');
  expect(shown.rows()[2]).toContain('line 1');
  await shown.type('jj');
  expect(shown.frame()).toContain('3/1000');
  await shown.type('#');
  await shown.type('500\r');
  await shown.until('500/1000');
  expect(shown.frame()).toContain('line 500');
});

test('sections fold with Enter and all at once', async () => {
  const shown = await open(failedJob);
  expect(shown.frame()).not.toContain('cc -c a.c');
  await shown.type('z');
  expect(shown.frame()).not.toContain('Using Docker executor');
  await shown.type('z');
  expect(shown.frame()).toContain('cc -c a.c');
  await shown.type('g');
  await shown.type('jj');
  await shown.type('\r');
  expect(shown.frame()).not.toContain('Using Docker executor');
});

test('search counts, steps, and opens what it finds', async () => {
  const shown = await open(failedJob);
  await shown.type('/expected');
  await shown.type('\r');
  await shown.until('/expected 1/1');
  expect(shown.frame()).toContain('a.c:3: error: expected ;');
  await shown.type('/error');
  await shown.type('\r');
  await shown.until(/\/error [1-4]\/4/);
  const before = shown.frame();
  await shown.type('n');
  expect(shown.frame()).not.toBe(before);
});

test('the first error is one key away', async () => {
  const shown = await open(failedJob + numbered(200));
  expect(shown.frame()).not.toContain('a.c:3');
  await shown.type('e');
  await shown.until('a.c:3: error: expected ;');
});

test('long lines wrap or scroll', async () => {
  const shown = await open(`${'abcdefghij'.repeat(30)}\nlast\n`);
  expect(shown.frame().match(/abcdefghij/g)!.length).toBeLessThan(8);
  await shown.type('W');
  expect(shown.frame().match(/abcdefghij/g)!.length).toBeGreaterThan(20);
  await shown.type('W');
  await shown.type(']');
  expect(shown.frame()).toContain('from column 21');
});

test('timestamps show on demand', async () => {
  const shown = await open(stampedJob);
  expect(shown.frame()).not.toContain('01:00:01.020');
  await shown.type('S');
  expect(shown.frame()).toContain('01:00:01.020 half a line');
});

test('a marked range is copied clean', async () => {
  const shown = await open('one\n\u001B[31mtwo\u001B[0m\nthree\n');
  await shown.type('g');
  await shown.type(' ');
  await shown.type('j');
  await shown.type('y');
  const [, copied = ''] = /\]52;c;([A-Za-z0-9+/=]+)/.exec(shown.written()) ?? [];
  expect(Buffer.from(copied, 'base64').toString()).toBe('one\ntwo');
});

describe('saving', () => {
  test('is locked until writes are armed, then writes the bytes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'huskycat-frames-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const shown = await open(failedJob, 100, 30, { journal: join(directory, 'journal.jsonl') });
    await shown.type('>');
    expect(shown.frame()).toContain('read-only');
    shown.workspace.gate.arm();
    await shown.settle();
    await shown.type('>');
    await shown.type('\u0015');
    await shown.type(join(directory, 'unit.log'));
    await shown.type('\r');
    await shown.until('saved to');
    expect(readFileSync(join(directory, 'unit.log'), 'utf8')).toBe(failedJob);
  });
});

test('nothing in a log steers the terminal', async () => {
  const hostile = '\u001B]0;owned\u0007\u001B[2J\u001B[10;10Hhere\u001B[?1049l\u009B5Aup\u202Eleft\n';
  const shown = await open(`before\n${hostile}after\n`);
  expect(shown.frame()).toContain('hereupleft');
  expect(shown.written()).not.toMatch(/owned|\u001B\[10;10H|\u202E/);
  expect(shown.terminal.buffer.active.type).toBe('alternate');
});

test('a log of a hundred megabytes opens and answers keys', async () => {
  const line = `${'compiling a file with a name of some length '.repeat(2)}\n`;
  const bytes = Buffer.alloc(100_000_000, line);
  const workspace = workspaceWithLog(bytes, job);
  const shown = await show(snapshot, { columns: 160, rows: 45, workspace });
  await shown.type('5');
  await shown.type('/unit\r');
  await shown.type('l');
  await shown.until('whole');
  const before = shown.frame();
  await shown.type('k');
  expect(shown.frame()).not.toBe(before);
  await shown.type('/no such text\r');
  await shown.until('nothing was found');
});

test.each([
  [40, 12],
  [20, 6],
  [300, 100],
])('at %ix%i the log stays whole', async (columns, rows) => {
  const shown = await open(failedJob);
  await shown.resize(columns, rows);
  for (const key of ['W', 'k', 'g', 'z', '\r', 'G']) await shown.type(key);
  expect(shown.frame()).not.toContain('this part of the screen failed');
  expect(shown.frame()).toMatch(/\d+\/16/);
});
