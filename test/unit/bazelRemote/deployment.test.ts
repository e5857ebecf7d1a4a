import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseContainer } from '../../../source/core/bazelRemote/container.ts';
import {
  type Deployment,
  labelText,
  parseLabel,
  runVector,
} from '../../../source/core/bazelRemote/deployment.ts';
import { presenceOf } from '../../../source/core/bazelRemote/presence.ts';
import { isOlder, isPrivate, proposeData } from '../../../source/core/bazelRemote/proposals.ts';
import { placeSurvey, targetSurvey } from '../../../source/core/bazelRemote/survey.ts';
import { valueProblems } from '../../../source/core/bazelRemote/values.ts';
import { shellQuote } from '../../../source/core/shell/quote.ts';

const deployment: Deployment = {
  engine: 'docker',
  name: 'bazel-remote',
  image: 'docker.io/buchgr/bazel-remote-cache:v2.6.2',
  data: '/data/bazel-cache',
  size: 50,
  httpPort: 9090,
  grpcPort: 9092,
  bind: '100.77.196.50',
  restart: 'unless-stopped',
  hasMetrics: true,
  isRelabelled: false,
  unit: 'container',
};

test('the container is run with the vector that is shown', () => {
  expect(runVector(deployment)).toEqual([
    'docker',
    'run',
    '--detach',
    '--name',
    'bazel-remote',
    '--label',
    `huskycat-tui=${labelText(deployment)}`,
    '--restart',
    'unless-stopped',
    '--publish',
    '100.77.196.50:9090:8080',
    '--publish',
    '100.77.196.50:9092:9092',
    '--volume',
    '/data/bazel-cache:/data',
    '--env',
    'BAZEL_REMOTE_MAX_SIZE=50',
    '--env',
    'BAZEL_REMOTE_ENABLE_ENDPOINT_METRICS=true',
    'docker.io/buchgr/bazel-remote-cache:v2.6.2',
  ]);
});

test.each(["it's", 'a  b', '$(id)', '`id`', '"q"', '-rf', '*', '~', '\\', ';id', '#x', 'ü'])(
  'a folder named %s reaches the engine as it is',
  (name) => {
    const data = `/data/${name}`;
    expect(valueProblems.data?.(data)).toBeUndefined();
    const argv = runVector({ ...deployment, data });
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${shellQuote(argv)}`], { encoding: 'utf8' });
    expect(printed.split('\0').slice(0, -1)).toEqual(argv);
    expect(argv).toContain(`${data}:/data`);
  },
);

test.each([
  ['name', ['-x', 'x', 'a b', '$(id)', 'a\nb']],
  ['data', ['--x', '-v', 'relative/x', '/a:b', '/a\nb', '/', '/a/../b', '/a/']],
  ['image', ['--privileged', 'a b', '$(id)', 'a\nb', 'x@sha256:1', 'UPPER/x']],
  ['bind', ['', '-p', '100.77.196', '256.1.1.1', '1.2.3.4 -v /:/x', '1.2.3.4\n']],
  ['restart', ['-x', 'always\n', 'always --privileged']],
  ['memory', ['-1', '4 g', '$(id)']],
  ['cpus', ['-1', '1;id']],
  ['size', ['0', '-5', '1.5', '5e9', '50\n']],
  ['http-port', ['0', '65536', '-1', '80 81']],
  ['user', ['root', '-1:0', '0:0 --privileged']],
  ['htpasswd', ['etc/x', '--x', '/a:b', '/a\nb']],
  ['login', ['-x', 'a:b', 'a b', '.*\n']],
])('%s takes nothing that could be something else', (name, values) => {
  for (const value of values) expect(valueProblems[name]?.(value), JSON.stringify(value)).toBeDefined();
});

test('a label is read back as the settings that it holds', () => {
  expect(parseLabel(labelText({ ...deployment, memory: '4g' }))).toMatchObject({ memory: '4g', size: '50' });
  for (const text of ['', 'x', '[]', 'null']) expect(parseLabel(text)).toBeUndefined();
});

test('who holds the name decides what is done', () => {
  const inspect = (label: string | undefined, status: string): string =>
    JSON.stringify([
      {
        Id: 'a1',
        Name: '/bazel-remote',
        State: { Status: status },
        Config: { Image: 'x', Labels: label ? { 'huskycat-tui': label } : {} },
      },
    ]);
  const survey = (container: string, status = 0) =>
    targetSurvey([
      { name: 'container', status, text: container },
      { name: 'previous', status: 1, text: '[]\nError: No such container: bazel-remote-prev' },
    ]);
  const kind = (container: string, status?: number): string =>
    presenceOf(deployment, survey(container, status)).presence.kind;
  expect(kind('[]\nError: No such container: bazel-remote', 1)).toBe('absent');
  expect(kind('Cannot connect to the Docker daemon', 1)).toBe('refused');
  expect(kind(inspect(undefined, 'running'))).toBe('refused');
  expect(kind(inspect('not ours', 'running'))).toBe('refused');
  expect(kind(inspect(labelText(deployment), 'running'))).toBe('same');
  expect(kind(inspect(labelText(deployment), 'exited'))).toBe('stopped');
  expect(
    presenceOf(deployment, survey(inspect(labelText({ ...deployment, size: 9 }), 'running'))).presence,
  ).toMatchObject({
    kind: 'other',
    differs: ['size 9 → 50'],
  });
  expect(parseContainer('[]')).toBeUndefined();
});

test('the folder is where there is room', () => {
  const df = (lines: string): string => `Filesystem 1024-blocks Used Available Capacity Mounted on\n${lines}`;
  const place = (lines: string, sudo = 0) =>
    placeSurvey([
      { name: 'who', status: 0, text: '1000\n1000\n/home/ops' },
      { name: 'sudo', status: sudo, text: '' },
      { name: 'mounts', status: 0, text: df(lines) },
    ]);
  const root = (gib: number): string => `/dev/mapper/rl-root 99999999 1 ${gib * 1024 ** 2} 9% /\n`;
  const home = `/dev/rl home 99999999 1 ${900 * 1024 ** 2} 9% /home/with space\ntmpfs 9 0 ${2000 * 1024 ** 2} 0% /dev/shm\n`;
  expect(proposeData(place(root(60)), 50).value).toBe('/data/bazel-cache');
  expect(proposeData(place(root(22) + home), 50).value).toBe('/home/with space/bazel-cache');
  expect(proposeData(place(root(22)), 50)).toMatchObject({
    value: '/data/bazel-cache',
    because: expect.stringMatching(/no other/),
  });
  expect(proposeData(place(root(60), 1), 50).value).toBe('/home/ops/bazel-cache');
});

test('addresses and versions are told apart', () => {
  expect(['100.77.196.50', '10.1.2.3', '127.0.0.1', 'fd7a:115c:a1e0::1'].every(isPrivate)).toBe(true);
  expect(['0.0.0.0', '100.200.1.1', '8.8.8.8', '2001:db8::1'].some(isPrivate)).toBe(false);
  expect(isOlder('x:v2.6.1@sha256:00', 'x:v2.6.2')).toBe(true);
  expect(isOlder('x:v2.10.0', 'x:v2.6.2') || isOlder('x:latest', 'x:v2.6.2')).toBe(false);
});
