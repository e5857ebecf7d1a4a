import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../../source/compose/session.ts';
import type { VerifyEvent, VerifyPlace } from '../../source/tasks/verification/model.ts';
import { findVerification, runVerification } from '../../source/tasks/verification/run.ts';

let session: Session;
beforeAll(async () => {
  session = await openSession({ flags: { sandbox: true }, version: 'test', isSandboxWelcome: true });
  await session.monitor.refresh();
});
afterAll(() => session.close());

async function verify(name: string, place: VerifyPlace, isAgain = false, signal?: AbortSignal) {
  const run = runVerification(findVerification(name), {
    workspace: session.workspace,
    known: { ...session.monitor.snapshot(), now: new Date().toISOString() },
    place,
    timeout: 60,
    isAgain,
    ...(signal ? { signal } : {}),
  });
  const events: VerifyEvent[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  return { ...next.value, events };
}

test('from the last log of a job: copied paths, hits, the size of the cache', async () => {
  const nix = await verify('nix-build', 'ci');
  expect(nix).toMatchObject({ state: 'passed', place: 'ci' });
  expect(nix.evidence[0]?.source).toMatch(/^log of nix:build in pipeline \d+ on main$/);
  expect(nix.numbers.copied).toBeGreaterThan(0);
  const bazel = await verify('bazel-twice', 'ci');
  expect(bazel.numbers.actions).toBeGreaterThan(0);
  const size = await verify('disk-cache', 'ci');
  expect(size.numbers.bytes).toBeGreaterThan(1024);
});

test('the newest pipeline of the default branch beside the median of those before it, with N', async () => {
  const { state, numbers, evidence } = await verify('pipeline-duration', 'ci');
  expect(state).toBe('passed');
  expect(numbers.n).toBeGreaterThan(3);
  expect(evidence[0]?.saw).toMatch(/^ran .+; the \d+ before it: median /);
});

test('the last signing job with what its log means', async () => {
  const { state, rung, evidence } = await verify('signing', 'ci');
  expect([state, rung]).toEqual(['failed', 'present']);
  expect(evidence[0]?.saw).toContain('the certificate file did not open');
});

test('running a job again is a write: refused unless armed, and nothing is started', async () => {
  session.workspace.gate.disarm();
  const { state, because } = await verify('bazel-twice', 'ci', true);
  expect(state).toBe('could-not-run');
  expect(because).toContain('read-only');
});

test('armed, the job is run again and its log shown as it grows; a stop leaves it to GitLab', async () => {
  session.workspace.gate.arm();
  const stop = new AbortController();
  const run = runVerification(findVerification('bazel-twice'), {
    workspace: session.workspace,
    known: { ...session.monitor.snapshot(), now: new Date().toISOString() },
    place: 'ci',
    timeout: 60,
    isAgain: true,
    signal: stop.signal,
  });
  const said: string[] = [];
  const following = (async () => {
    for (let next = await run.next(); !next.done; next = await run.next()) {
      if (next.value.state !== 'output') continue;
      said.push(next.value.text);
      stop.abort(new DOMException('stopped', 'AbortError'));
    }
  })();
  await expect(following).rejects.toThrow('stopped');
  expect(said.at(-1)).toMatch(/^bazel:build \(job \d+\) goes on\. To cancel it: http\S+\n$/);
  const { entries } = await session.workspace.journal.read();
  expect(entries.filter(({ state }) => state === 'done').map(({ write }) => write.title)).toContain(
    'Run bazel:build again',
  );
});

test('in a place where it cannot be done, that is said', async () => {
  expect(await verify('signing', 'here')).toMatchObject({ state: 'could-not-run', next: ['--where ci'] });
});
