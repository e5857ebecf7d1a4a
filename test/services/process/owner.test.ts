import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { isGone, thisProcess } from '../../../source/services/process/owner.ts';

test('this process is there, for whoever names it as it is', async () => {
  const me = await thisProcess();
  expect(me).toMatchObject({ pid: process.pid });
  expect(await isGone(me)).toBe(false);
  expect(await isGone({ ...me, started: '' })).toBe(false);
});

test('another process with its number, and one before the machine started anew, are gone', async () => {
  const me = await thisProcess();
  expect(await isGone({ ...me, started: `${me.started}1` })).toBe(true);
  expect(await isGone({ ...me, boot: 'another' })).toBe(true);
});

test('a process that has ended is gone', async () => {
  const { pid } = spawnSync('true');
  expect(await isGone({ ...(await thisProcess()), pid, started: '' })).toBe(true);
});

test('what is left of a process until its parent looks is gone', async () => {
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void parent.kill());
  const [said] = await once(parent.stdout, 'data');
  const owner = { ...(await thisProcess()), pid: Number(said), started: '' };
  await expect.poll(() => isGone(owner)).toBe(true);
});

test('of a process of another machine nothing is certain', async () => {
  const { pid } = spawnSync('true');
  expect(await isGone({ ...(await thisProcess()), host: 'elsewhere', boot: 'another', pid })).toBe(false);
});
