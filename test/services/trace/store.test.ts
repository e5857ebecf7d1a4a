import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { saveTrace } from '../../../source/services/trace/save.ts';
import { openTrace, pause } from '../../../source/services/trace/store.ts';
import { openWorld } from '../../promises/world.ts';
import { api, gitlabWorld, jobRow, type Routes } from '../gitlab/world.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(routes: Routes, now = Date.parse('2026-11-24T10:01:10.000Z')) {
  const world = await gitlabWorld(routes);
  closing.push(world.close);
  const store = openTrace({ gitlab: world.gitlab, job: 9, interval: 5, now: () => now });
  return { ...world, store };
}

const running = { body: jobRow(9, 'build', { status: 'running', finished_at: null }) };
const done = { body: jobRow(9, 'build') };

describe('a followed log', () => {
  test('grows by what is new, and is complete when the job has ended and says no more', async () => {
    const { store, asked } = await open({
      [`GET ${api}/jobs/9`]: [running, running, done],
      [`GET ${api}/jobs/9/trace`]: [{ body: 'one\n' }, { body: 'one\ntwo\n' }, { body: 'one\ntwo\nthree\n' }],
    });
    store.follow();
    await store.finished();
    expect(store.state()).toBe('complete');
    expect(store.log.chunks.slice(0, store.log.size).toString()).toBe('one\ntwo\nthree\n');
    expect(store.job()?.status).toBe('success');
    expect(asked().filter((one) => one.endsWith('/trace'))).toHaveLength(4);
  });

  test('of a job that ended long ago takes one look', async () => {
    const { store, asked } = await open(
      { [`GET ${api}/jobs/9`]: done, [`GET ${api}/jobs/9/trace`]: { body: 'all of it' } },
      Date.parse('2026-11-25T00:00:00.000Z'),
    );
    store.follow();
    await store.finished();
    expect(asked()).toHaveLength(2);
    expect(store.log.text(0)).toBe('all of it');
  });

  test('stops at once, keeps what came, and goes on from there', async () => {
    const { store, asked } = await open({
      [`GET ${api}/jobs/9`]: [running, done],
      [`GET ${api}/jobs/9/trace`]: [{ body: 'one\n' }, { body: 'one\ntwo\n' }],
    });
    const first = new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        if (store.state() !== 'following') return;
        stop();
        resolve();
      });
    });
    store.follow();
    await first;
    store.stop();
    await store.finished();
    expect(store.log.size).toBe(4);
    const before = asked().length;
    store.follow();
    await store.finished();
    expect(asked().length).toBeGreaterThan(before);
    expect(store.log.size).toBe(8);
  });

  test('ends with the reason when GitLab will not show it', async () => {
    const { store } = await open({
      [`GET ${api}/jobs/9`]: done,
      [`GET ${api}/jobs/9/trace`]: { status: 403, body: { message: '403 Forbidden' } },
    });
    store.follow();
    await store.finished();
    expect(store.state()).toBe('failed');
    expect(store.failure()).toMatchObject({ kind: 'needs-user' });
  });
});

test('a long log is asked for less often', () => {
  expect(pause(0)).toBe(2_000);
  expect(pause(10_000_000)).toBe(20_000);
  expect(pause(100_000_000)).toBe(60_000);
});

describe('saving', () => {
  async function saved() {
    const { store } = await open(
      { [`GET ${api}/jobs/9`]: done, [`GET ${api}/jobs/9/trace`]: { body: '\u001B[31mred\u001B[0m\n' } },
      Date.parse('2026-11-25T00:00:00.000Z'),
    );
    store.follow();
    await store.finished();
    const directory = mkdtempSync(join(tmpdir(), 'huskycat-log-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    return { log: store.log, path: join(directory, 'build.log') };
  }

  test('goes through the gate, byte for byte', async () => {
    const { gate, journal } = openWorld();
    const { log, path } = await saved();
    const write = await saveTrace(log, 'build', path);
    await expect(gate.perform(write)).rejects.toMatchObject({ code: 'read-only' });
    gate.arm();
    await gate.perform(write);
    expect(readFileSync(path, 'utf8')).toBe('\u001B[31mred\u001B[0m\n');
    expect((await journal.read()).entries.at(-1)).toMatchObject({ state: 'done', write: { target: path } });
  });

  test('never replaces a file', async () => {
    const { log, path } = await saved();
    writeFileSync(path, 'mine');
    await expect(saveTrace(log, 'build', path)).rejects.toMatchObject({ code: 'exists' });
  });
});
