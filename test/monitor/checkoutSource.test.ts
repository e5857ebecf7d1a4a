import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { openTestWorkspace } from './workspace.ts';

test('a checkout is read again only when a file of it changed, and is dirty as git says', async () => {
  const workspace = openTestWorkspace({ '.gitlab-ci.yml': 'build:\n  script: make\n' }, {});
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', workspace.directory, ...args], {
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b.test', 'commit', '-q', '-m', 'one');
  const monitor = createMonitor({ workspace });
  onTestFinished(() => monitor.stop());
  await monitor.refresh(['checkout']);
  const first = monitor.snapshot();
  expect(first.checkout.value).toMatchObject({ branch: 'main', dirty: false });
  await monitor.refresh(['checkout']);
  expect(monitor.snapshot().facts).toBe(first.facts);
  writeFileSync(join(workspace.directory, '.gitlab-ci.yml'), 'test:\n  script: make test\n');
  await monitor.refresh(['checkout']);
  const { checkout, facts } = monitor.snapshot();
  expect(checkout.value).toMatchObject({ dirty: true });
  expect([...(facts?.configuration?.jobs.keys() ?? [])]).toEqual(['test']);
});
