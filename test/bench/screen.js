/** Measures the screen in a real terminal of 160x45: first frame, idle cost, key to frame. Prints numbers; judges nothing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty from '@lydell/node-pty';
import { build } from 'esbuild';
import { bundleOptions } from '../../bin/bundle.js';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'huskycat-bench-'));
const program = join(folder, 'fixture.js');
const pidFile = join(folder, 'pid');
await build({ ...bundleOptions(root, 'bench'), entryPoints: ['test/terminal/fixture.ts'], outdir: folder });

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const sorted = (values) => values.toSorted((a, b) => a - b);
const at = (values, share) => sorted(values)[Math.floor(values.length * share)] ?? Number.NaN;

function open(jobs) {
  const { CI: _ci, NO_COLOR: _noColor, ...env } = process.env;
  const started = performance.now();
  const flags = process.argv.slice(2);
  const child = pty.spawn(process.execPath, [...flags, program], {
    cols: 160,
    rows: 45,
    name: 'xterm-256color',
    env: { ...env, LANG: 'C.UTF-8', FIXTURE_JOBS: String(jobs), FIXTURE_PID: pidFile },
  });
  const session = { child, bytes: 0, first: undefined, seen: undefined };
  child.onData((data) => {
    session.bytes += data.length;
    session.seen ??= performance.now();
    if (data.includes('READ ONLY')) session.first ??= performance.now() - started;
  });
  session.ended = new Promise((resolve) => child.onExit(resolve));
  return session;
}

async function shown(jobs) {
  const session = open(jobs);
  while (session.first === undefined) await wait(1);
  return session;
}

async function leave(session) {
  session.child.write('\u0003');
  await session.ended;
}

/** Milliseconds of processor time so far. */
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

async function press(session, name, key, count, gap) {
  const latencies = [];
  const bytes = [];
  for (let index = 0; index < count; index += 1) {
    const before = session.bytes;
    const start = performance.now();
    session.seen = undefined;
    session.child.write(key);
    await wait(gap);
    if (session.seen !== undefined) latencies.push(session.seen - start);
    bytes.push(session.bytes - before);
  }
  const figures = [0.5, 0.99].map((share) => at(latencies, share).toFixed(1)).join(' / ');
  console.log(
    `${name}: p50 / p99 ${figures} ms, ${at(bytes, 0.5)} bytes a key, ${Math.max(...bytes)} at most`,
  );
}

try {
  const bare = sorted(
    Array.from({ length: 9 }, () => {
      const start = performance.now();
      spawnSync(process.execPath, ['-e', '0']);
      return performance.now() - start;
    }),
  )[4];
  const firsts = [];
  for (let round = 0; round < 9; round += 1) {
    const session = await shown(23);
    firsts.push(session.first);
    await wait(100);
    await leave(session);
  }
  console.log(
    `first frame: ${at(firsts, 0.5).toFixed(0)} ms, ${(at(firsts, 0.5) / bare).toFixed(1)} x bare node`,
  );
  for (const jobs of [23, 5_000]) {
    console.log(`-- ${jobs} jobs`);
    const session = await shown(jobs);
    await wait(1_000);
    const pid = readFileSync(pidFile, 'utf8').trim();
    const [bytes, processor] = [session.bytes, spent(pid)];
    await wait(10_000);
    console.log(
      `idle: ${(session.bytes - bytes) / 10} bytes/s, ${(spent(pid) - processor) / 10} ms/s of a processor`,
    );
    await press(session, 'plan: j every 30 ms', 'j', 12, 30);
    await press(session, 'plan: k alone', 'k', 12, 250);
    session.child.write('5');
    await wait(300);
    await press(session, 'pipeline: j every 30 ms', 'j', 200, 30);
    await press(session, 'pipeline: j alone', 'j', 20, 250);
    await press(session, 'Tab', '\t', 20, 100);
    session.child.write('+');
    await wait(300);
    await press(session, 'pipeline zoomed: j', 'j', 60, 50);
    const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    console.log(`memory: ${Math.round(Number(memory) / 1_024)} MB`);
    await leave(session);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
