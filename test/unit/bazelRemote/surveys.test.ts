import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { dataChecks } from '../../../source/core/bazelRemote/dataChecks.ts';
import { blobEntry } from '../../../source/core/bazelRemote/entries.ts';
import { jobCheckYaml } from '../../../source/core/bazelRemote/jobCheck.ts';
import { placeSurvey } from '../../../source/core/bazelRemote/survey.ts';
import { mayRead, unitSurvey } from '../../../source/core/bazelRemote/unitSurvey.ts';
import { apr1 } from '../../../source/sandbox/honey/apr1.ts';

const df = `Filesystem 1024-blocks Used Available Capacity Mounted on
/dev/a 9 9 99999999 9% /
/dev/b 9 9 99999999 9% /mnt/with space
`;
const inodes = `Filesystem Inodes IUsed IFree IUse% Mounted on
/dev/a 4000000 100 3999900 1% /
/dev/b 4000000 3999500 500 100% /mnt/with space
tmpfs 0 0 0 - /btrfs
`;

test('a read-only file system, and one without inodes, are seen', () => {
  const place = placeSurvey([
    { name: 'who', status: 0, text: '0\n0\n/root' },
    { name: 'mounts', status: 0, text: df },
    { name: 'inodes', status: 0, text: inodes },
    {
      name: 'options',
      status: 0,
      text: '/dev/a / xfs ro 0 0\n/dev/a / xfs rw,relatime 0 0\n/dev/b /mnt/with\\040space ext4 ro,errors=x 0 0\n',
    },
    { name: 'programs', status: 0, text: '/usr/bin/docker\nalias x=y' },
    { name: 'systemd', status: 0, text: 'there' },
    { name: 'own', status: 1, text: '' },
    { name: 'restarts', status: 1, text: 'disabled' },
  ]);
  expect(place.mounts.map(({ isReadOnly, inodes: free }) => [isReadOnly, free])).toEqual([
    [undefined, 3_999_900],
    [true, 500],
  ]);
  expect(place).toMatchObject({
    programs: ['/usr/bin/docker'],
    systemd: { hasOwn: false, lingers: false, hasQuadlet: false, restartsPodman: false },
    firstOpenPort: 0,
  });
  const deployment = { data: '/mnt/with space/x', size: 1 };
  const checks = dataChecks({
    deployment,
    place,
    owner: '65532:65532',
    isOurs: false,
    target: { disk: place.mounts[1] },
  } as unknown as Parameters<typeof dataChecks>[0]);
  expect(checks.filter(({ state }) => state === 'problem').map(({ id }) => id)).toEqual([
    'read-only',
    'inodes',
  ]);
});

test('units and files are read as the host has them', () => {
  const text = '# Made by huskycat-tui: {}\n[Unit]\nDescription=ü\n';
  const survey = unitSurvey(
    [
      { name: 'systemd', status: 0, text: `there\n${Buffer.from(text).toString('base64')}` },
      { name: 'quadlet', status: 0, text: 'absent' },
      { name: 'active', status: 3, text: 'activating' },
      { name: 'enabled', status: 0, text: 'enabled' },
      { name: 'file', status: 0, text: '0:0 600 regular file' },
      { name: 'file', status: 1, text: "stat: cannot statx '/x': No such file or directory" },
      { name: 'file', status: 0, text: '0:0 755 directory' },
    ],
    ['/key', '/x', '/folder', '/unasked'],
  );
  expect(survey).toMatchObject({
    systemd: { state: 'there', text },
    quadlet: { state: 'absent' },
    isActive: false,
    isEnabled: true,
  });
  expect([...survey.files.values()].map(({ state }) => state)).toEqual([
    'there',
    'absent',
    'unknown',
    'unknown',
  ]);
  expect(mayRead({ owner: '0:0', mode: '640' }, '65532:65532')).toBe(false);
  expect(mayRead({ owner: '0:65532', mode: '640' }, '65532:65532')).toBe(true);
  expect(mayRead({ owner: '65532:0', mode: '4' }, '65532:0')).toBe(false);
  expect(mayRead({ owner: '5:5', mode: '0' }, '0:0')).toBe(true);
});

test.skipIf(spawnSync('curl', ['--version']).status !== 0)(
  'the job of the check does what it says, against a server that keeps what it is given',
  async () => {
    const kept = new Map<string, string>();
    const server = createServer((incoming, outgoing) => {
      const { method, url = '' } = incoming;
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        if (method === 'PUT') kept.set(url, Buffer.concat(pieces).toString('utf8'));
        outgoing
          .writeHead(url === '/status' || kept.has(url) ? 200 : 404)
          .end(method === 'GET' ? kept.get(url) : '');
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const yaml = jobCheckYaml({ http: `http://127.0.0.1:${port}`, mayWrite: true });
    const { script, variables } = (
      parse(yaml) as Record<string, { script: string[]; variables: { CACHE: string } }>
    )['bazel-remote-check'] ?? { script: [], variables: { CACHE: '' } };
    const run = async (): Promise<string> => {
      const child = spawn('sh', ['-e', '-c', script.join('\n')], { env: { ...process.env, ...variables } });
      let said = '';
      child.stdout.on('data', (piece) => {
        said += piece;
      });
      const code = await new Promise((ended) => child.on('close', ended));
      expect(code).toBe(0);
      return said;
    };
    expect(await run()).toBe(blobEntry.body);
    expect(kept.get(blobEntry.path)).toBe(blobEntry.body);
    expect(kept.size).toBe(2);
  },
);

test('without the right to write the job only reads, and trusts what it is given', () => {
  const yaml = jobCheckYaml({ http: 'https://h:1', certificate: 'bazel-remote.pem', mayWrite: false });
  expect(yaml).not.toContain('PUT');
  expect(yaml).toContain('--cacert bazel-remote.pem');
});

test('the sandbox hashes passwords as openssl does', () => {
  expect(apr1('s3cret "$(id)" of the writers', 'abcdefgh')).toBe('$apr1$abcdefgh$unNdbvJDVuYIgGgKsOyy41');
  expect(apr1('', 'x1')).toBe('$apr1$x1$3pYoaQ44IOAuZpLXgkh4A.');
  expect(apr1('ü'.repeat(20), '12345678')).toBe('$apr1$12345678$3gGKGZDUopmOJXMgfKwDi0');
});
