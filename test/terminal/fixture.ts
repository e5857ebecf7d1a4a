import { writeFileSync } from 'node:fs';
import { createQuestions, runApp } from '../../views/app.tsx';
import { rich } from '../frames/snapshots.ts';
import { fakeMonitor, fakeWorkspace } from '../frames/world.ts';

/** The screen over a fixed world, as a program: what the tests in a real terminal start. */
const workspace = fakeWorkspace({ isSandbox: true, secrets: ['hunter2hunter2'] });
const monitor = fakeMonitor(rich(Number(process.env.FIXTURE_JOBS ?? 23)));
const questions = createQuestions();

if (process.env.FIXTURE_PID) writeFileSync(process.env.FIXTURE_PID, String(process.pid));
if (process.env.FIXTURE_CRASH) {
  const [how, after] = process.env.FIXTURE_CRASH.split(':');
  const error = new Error('the secret is hunter2hunter2 \u001B[2J\u001B]0;owned\u0007');
  setTimeout(() => {
    if (how === 'rejection') void Promise.reject(error);
    else throw error;
  }, Number(after));
}
if (process.env.FIXTURE_ASK) {
  void questions
    .confirm({ title: 'Retry job build:2?', lines: ['It runs again.'], typed: process.env.FIXTURE_ASK })
    .then((isSure) => process.stderr.write(`answer: ${isSure}\n`));
}

process.exitCode = await runApp({ monitor, workspace, questions, version: '0.0.0' });
