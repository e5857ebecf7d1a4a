import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Deployment } from '../../source/core/bazelRemote/deployment.ts';
import { containerOptions, labelText } from '../../source/core/bazelRemote/deployment.ts';
import { unitText } from '../../source/core/bazelRemote/units.ts';

const systemd = '/lib/systemd/systemd';
const isThere = existsSync(systemd) && spawnSync('systemd-analyze', ['--version']).status === 0;
if (!isThere) process.stderr.write('skipped: systemd is not installed here\n');
/** systemd only shows how it reads units to somebody who is not root. */
const nobody = 65_534;

const deployment: Deployment = {
  engine: 'docker',
  name: 'bazel-remote',
  image: 'docker.io/buchgr/bazel-remote-cache:v2.6.2',
  data: `/data/a b $(id) \${HOME} %h "q" \\x it's -rf ü`,
  size: 50,
  httpPort: 9090,
  grpcPort: 9092,
  bind: '100.77.196.50',
  restart: 'unless-stopped',
  hasMetrics: true,
  isRelabelled: true,
  unit: 'systemd',
  memory: '4g',
  cpus: '1.5',
  user: '0:0',
  htpasswd: '/etc/%n $x/htpasswd',
};

describe.skipIf(!isThere || userInfo().uid !== 0)('a unit, as systemd itself reads it', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'huskycat-unit-'));
    chmodSync(path, 0o755);
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  };

  test('it finds nothing wrong with it', () => {
    const file = join(folder(), 'bazel-remote.service');
    writeFileSync(file, unitText(deployment, 'system', '/bin/true'));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    const own = stderr.split('\n').filter((line) => line.includes('bazel-remote'));
    expect({ status, own }).toEqual({ status: 0, own: [] });
  });

  test('its command line has every odd value as it is', () => {
    const home = folder();
    const units = join(home, 'units');
    mkdirSync(units);
    writeFileSync(join(units, 'bazel-remote.service'), unitText(deployment, 'user', '/usr/bin/docker'));
    mkdirSync(join(home, 'run'));
    chownSync(join(home, 'run'), nobody, nobody);
    const { stdout, stderr } = spawnSync(systemd, ['--test', '--user', '--unit=bazel-remote.service'], {
      encoding: 'utf8',
      uid: nobody,
      gid: nobody,
      env: { HOME: join(home, 'run'), XDG_RUNTIME_DIR: join(home, 'run'), SYSTEMD_UNIT_PATH: `${units}:` },
      timeout: 60_000,
    });
    const line = `${stdout}${stderr}`.split('\n').find((one) => one.includes('docker run')) ?? '';
    const [, shown = ''] = /Command Line: (.*)$/.exec(line) ?? [];
    // It is shown quoted for a shell, after specifiers are resolved and before variables are.
    const printed = spawnSync('sh', ['-c', `printf '%s\\0' ${shown}`], { encoding: 'utf8' }).stdout;
    const argv = printed
      .split('\0')
      .slice(0, -1)
      .map((word) => word.replaceAll('$$', '$'));
    expect(argv).toEqual([
      '/usr/bin/docker',
      'run',
      '--rm',
      '--name',
      'bazel-remote',
      '--label',
      `huskycat-tui=${labelText(deployment)}`,
      ...containerOptions(deployment),
      deployment.image,
      '--htpasswd_file=/etc/bazel-remote/htpasswd',
      '--allow_unauthenticated_reads',
    ]);
  });
});
