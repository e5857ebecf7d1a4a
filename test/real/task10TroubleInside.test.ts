import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { sealPlan } from '../../source/core/plan/fingerprint.ts';
import type { Plan } from '../../source/core/plan/plan.ts';
import { bazelrc } from '../../source/sandbox/checkout/files/bazel.ts';
import { openContainerLog } from '../../source/services/host/containerLog.ts';
import { bazelRemote } from '../../source/tasks/bazelRemote/task.ts';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { planIn } from '../tasks/bazelRemote/world.ts';
import { finish } from '../tasks/engine/world.ts';
import { described, onCommandOf, openHoney } from './task10Honey.ts';

const program = fileURLToPath(new URL('killedDeploy.ts', import.meta.url));

/** Run by task10.test.ts, within honey's network namespace. */
describe.skipIf(!described)('a cache on honey, when things go wrong, and on the second day', () => {
  const honey = openHoney();
  const { isRoot, docker, imageOf, settings, open } = honey;

  afterEach(honey.cleanUp);

  test.runIf(isRoot)(
    'cut at each step there and back, it goes on each time, and ends where it shall',
    async () => {
      const world = open();
      const plan = planIn(await world.plan(settings));
      const writes = plan.steps.filter(({ action }) => action.kind === 'command').map(({ title }) => title);
      expect(writes).toHaveLength(3);
      const outcomes: string[] = [];
      const goOn = async (wanted: string | RegExp, run: typeof world.resume): Promise<void> => {
        const unsubscribe = onCommandOf(world.workspace, wanted, honey.cut);
        outcomes.push(
          await run().then(
            ({ outcome }) => outcome,
            (error) => error.code,
          ),
        );
        unsubscribe();
      };
      const locking = /mkdir "\$1" && cat/;
      await goOn(locking, () => world.apply(plan));
      const [pull = '', folder = '', container = ''] = writes;
      await goOn(pull, () => world.apply(plan));
      await goOn(folder, world.resume);
      await goOn(locking, world.resume);
      await goOn(container, world.resume);
      await goOn(/docker container inspect bazel-remote/, world.resume);
      expect(outcomes).toEqual([
        'connection-lost',
        'failed',
        'failed',
        'connection-lost',
        'failed',
        'failed',
      ]);
      expect(await world.resume()).toMatchObject({ outcome: 'done' });
      expect(await world.verify()).toMatchObject({ rung: 'proven' });
      expect(docker('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');

      outcomes.length = 0;
      const back = writes.toReversed().map((title) => `Undo: ${title}`);
      await goOn(back[0] ?? '', world.undo);
      for (const title of back.slice(1)) await goOn(title, world.resume);
      expect(outcomes).toEqual(['failed', 'failed', 'failed']);
      expect(await world.resume()).toMatchObject({ outcome: 'undone' });
      expect(docker('ps', '-aq') + docker('images', '-q')).toBe('');
      expect(world.bazelrc()).toBe(bazelrc);
    },
  );

  test.runIf(isRoot)('stopped, and killed, while the container is started: both go on', async () => {
    const world = open();
    const plan = planIn(await world.plan(settings));
    const title = plan.steps.find(({ id }) => id === 'run-container')?.title ?? '';
    const stop = new AbortController();
    onCommandOf(world.workspace, title, () => stop.abort(new DOMException('stopped', 'AbortError')));
    const { workspace } = world;
    const stopped = await finish(
      applyPlan(plan, { workspace, signal: stop.signal, probes: bazelRemote.probes ?? {} }),
    );
    expect(stopped).toMatchObject({ outcome: 'stopped', failure: { code: 'stopped' } });
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect(docker('ps', '-aq')).toBe('');

    const file = join(world.root, '..', 'plan.json');
    writeFileSync(file, JSON.stringify(planIn(await world.plan(settings))));
    const argv = [program, world.root, workspace.journal.path, file, honey.ssh.config, honey.ssh.host, title];
    const end = await new Promise<string | null | undefined>((resolve) => {
      execFile(process.execPath, argv, (error) => resolve(error?.signal));
    });
    expect(end).toBe('SIGKILL');
    expect(await world.resume()).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(docker('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');
  });

  test.runIf(isRoot)('a disk that is full, or read-only, is seen by what is stored', async () => {
    const disk = `${honey.data}/small`;
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1100m', 'tmpfs', disk]);
    onTestFinished(() => {
      honey.cleanUp();
      execFileSync('umount', [disk]);
    });
    const small = { ...settings, data: `${disk}/cache` };
    const world = open();
    expect(await world.plan({ ...small, size: '2' })).toMatchObject({
      refused: expect.stringMatching(/room for 2 GiB/),
    });
    const plan = soon(planIn(await world.plan(small)));
    execFileSync('fallocate', ['-l', '1090M', `${disk}/filler`]);
    execFileSync('sh', ['-c', 'cat /dev/zero > "$1" || :', 'sh', `${disk}/rest`], { stdio: 'ignore' });
    const full = await world.apply(plan);
    expect(full).toMatchObject({
      outcome: 'failed',
      failure: { code: expect.stringMatching(/^(?:not-ready|container-failed|command-failed)$/) },
    });
    expect(full.failure?.saw).toMatch(/no space left on device/i);
    execFileSync('rm', [`${disk}/filler`, `${disk}/rest`]);
    expect(await world.resume()).toMatchObject({ outcome: 'done' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });

    execFileSync('mount', ['-o', 'remount,ro', disk]);
    docker('restart', 'bazel-remote');
    const later = planIn(await world.plan({}, 'restart'));
    const readOnly = await world.apply(soon(later));
    expect(readOnly.outcome).toBe('failed');
    expect(readOnly.failure?.saw).toMatch(/read-only file system/i);
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    // The container keeps the mount as it was when it started.
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect(await world.apply(planIn(await world.plan({}, 'restart')))).toMatchObject({ outcome: 'done' });
  });

  test.runIf(isRoot)('a container of ours that was stopped is started, and nothing else', async () => {
    const world = open();
    await world.apply(planIn(await world.plan(settings)));
    const id = docker('ps', '-q');
    docker('stop', 'bazel-remote');
    const plan = planIn(await world.plan(settings));
    expect(plan.steps.map(({ id: step }) => step)).toEqual(['start-container', 'wait-until-ready']);
    expect(await world.apply(plan)).toMatchObject({ outcome: 'done' });
    expect(docker('ps', '-q')).toBe(id);
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect(docker('ps', '-q')).toBe('');
  });

  test('restarted, resized, upgraded and back, followed, and removed with what it held', async () => {
    const world = open();
    await world.apply(planIn(await world.plan({ ...settings, image: imageOf('v2.6.1') })));
    const day = async (option: string, given: Readonly<Record<string, string>> = {}): Promise<void> => {
      const result = await world.apply(planIn(await world.plan(given, option)));
      expect(result.failure, JSON.stringify(result.failure)).toBeUndefined();
      expect(result.outcome).toBe('done');
    };
    const files = async (): Promise<number> => {
      const answer = await fetch(`http://${honey.tailnetAddress}:9090/status`);
      return ((await answer.json()) as { NumFiles: number }).NumFiles;
    };
    const before = await files();
    expect(before).toBeGreaterThan(0);
    if (isRoot) {
      const started = docker('inspect', '--format', '{{.State.StartedAt}}', 'bazel-remote');
      await day('restart');
      expect(docker('inspect', '--format', '{{.State.StartedAt}}', 'bazel-remote')).not.toBe(started);
      await day('upgrade', { image: imageOf('v2.6.2') });
      await day('upgrade', { image: imageOf('v2.6.1') });
    }
    await day('resize', { size: '2' });
    const made = docker('inspect', '--format', '{{.Config.Image}} {{json .Config.Env}}', 'bazel-remote');
    expect(made).toContain('v2.6.1');
    expect(made).toContain('BAZEL_REMOTE_MAX_SIZE=2');
    expect(await files()).toBe(before);
    expect(docker('ps', '-a', '--format', '{{.Names}}')).toBe('bazel-remote\n');

    const log = openContainerLog({ host: world.host, engine: 'docker', name: 'bazel-remote' });
    log.follow();
    await expect.poll(() => log.state(), { timeout: 10_000 }).toBe('following');
    await fetch(`http://${honey.tailnetAddress}:9090/cas/${'a'.repeat(64)}`);
    const said = () => Array.from({ length: log.log.lineCount }, (_, line) => log.log.text(line)).join('\n');
    await expect.poll(said, { timeout: 10_000 }).toContain(`/cas/${'a'.repeat(64)}`);
    log.stop();

    await day('remove');
    expect(docker('ps', '-aq')).toBe('');
    expect(await world.undo()).toMatchObject({ outcome: 'undone' });
    expect(await world.verify()).toMatchObject({ rung: 'proven' });
    expect(await files()).toBe(before);
    await day('remove', { data: 'remove', 'confirm-data': settings.data });
    expect(docker('ps', '-aq')).toBe('');
    if (isRoot) expect(existsSync(settings.data)).toBe(false);
    else expect(docker('volume', 'ls', '-q')).toBe('');
  });
});

/** The plan with three seconds to wait in place of two minutes. */
function soon(plan: Plan): Plan {
  return sealPlan({
    ...plan,
    steps: plan.steps.map((step) =>
      step.action.kind === 'wait' ? { ...step, action: { ...step.action, timeout: 3 } } : step,
    ),
  });
}
