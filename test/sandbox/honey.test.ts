import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HoneyServer, startHoney } from '../../source/sandbox/honey/start.ts';
import { connectHost } from '../../source/services/host/connectHost.ts';
import { openShell } from '../../source/services/ssh/openShell.ts';
import { openWorld } from '../promises/world.ts';
import { withSsh } from '../services/ssh/world.ts';

const directory = mkdtempSync(join(tmpdir(), 'huskycat-honey-'));
let honey: HoneyServer;
let client: ssh2.Client;

function login(key: string | Buffer, user = 'ops'): Promise<ssh2.Client> {
  return new Promise((resolve, reject) => {
    const connecting = new ssh2.Client();
    connecting.on('ready', () => resolve(connecting)).on('error', reject);
    connecting.connect({ host: honey.host, port: honey.port, username: user, privateKey: key });
  });
}

beforeAll(async () => {
  honey = await startHoney({ directory: join(directory, 'ssh') });
  client = await login(readFileSync(honey.identityFile));
  client.setNoDelay(true);
});
afterAll(async () => {
  client.end();
  await honey.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
  readonly signal?: string;
}

function run(command: string, { input = '', killAfter = '' } = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let out = '';
      let err = '';
      let code: number | null = null;
      let signal: string | undefined;
      channel.on('data', (data: Buffer) => {
        out += data.toString('utf8');
        if (killAfter && out.includes(killAfter)) channel.signal('TERM');
      });
      channel.stderr.on('data', (data: Buffer) => {
        err += data.toString('utf8');
      });
      channel.on('exit', (status: number | null, name?: string) => {
        code = status;
        signal = name;
      });
      channel.on('close', () => resolve({ out, err, code, ...(signal && { signal }) }));
      if (killAfter) channel.write(input);
      else channel.end(input);
    });
  });
}

test('only its own key and user are let in', async () => {
  const foreign = ssh2.utils.generateKeyPairSync('ed25519').private;
  await expect(login(foreign)).rejects.toMatchObject({ level: 'client-authentication' });
  await expect(login(readFileSync(honey.identityFile), 'root')).rejects.toMatchObject({
    level: 'client-authentication',
  });
  expect(statSync(honey.identityFile).mode & 0o777).toBe(0o600);
});

describe('the shell', () => {
  test.each([
    ['echo a  "b  c" \'d $HOME\' e\\ f', 'a b  c d $HOME e f\n'],
    ['false && echo no || echo yes; true || echo no', 'yes\n'],
    ['printf "%s-%s\\n" a b c', 'a-b\nc-\n'],
    ['printf "b\\na\\nb\\n" | sort | uniq | wc -l', '2\n'],
    ['x=one; echo "$x ${y:-two} ${#x} ${x%e} ${x#o}"', 'one two 3 on ne\n'],
    ['echo $(echo in $(echo side)) `echo old`', 'in side old\n'],
    ['echo $((2 * (3 + 4) - 1)) $((7 / 2)) $((7 % 2))', '13 3 1\n'],
    ['for i in 1 2 3; do if [ $i -eq 2 ]; then continue; fi; echo $i; done', '1\n3\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i', '3\n'],
    ['case a/b in */*) echo slash ;; *) echo none ;; esac', 'slash\n'],
    ['f() { echo "$# $2"; return 4; }; f a "b c"; echo $?', '2 b c\n4\n'],
    ['(cd /; pwd); pwd', '/\n/home/ops\n'],
    ['cat <<E\nhi $USER\nE', 'hi ops\n'],
    ["cat <<'E'\nhi $USER\nE", 'hi $USER\n'],
    ['echo out; echo err >&2', 'out\n'],
    ['{ echo a; echo b >&2; } 2>&1 | wc -l', '2\n'],
    ['nosuch 2>/dev/null; echo $?', '127\n'],
    ['sh -c \'echo "$0 $1"\' name arg', 'name arg\n'],
    ['set -- a "b c"; for p do echo "[$p]"; done', '[a]\n[b c]\n'],
    ['echo /proc/load* "/proc/load*" /none*', '/proc/loadavg /proc/load* /none*\n'],
    ['command -v ls podman; echo $?', '/usr/bin/ls\n127\n'],
    ['A=1 env | grep ^A=; echo "[$A]"', 'A=1\n[]\n'],
    ['! true; echo $?', '1\n'],
  ])('%s', async (command, out) => {
    expect((await run(command)).out).toBe(out);
  });

  test('says what it does not know, as sh does', async () => {
    expect(await run('podman ps')).toEqual({
      out: '',
      err: 'sh: line 1: podman: command not found\n',
      code: 127,
    });
    expect(await run('echo "open')).toMatchObject({ code: 2, err: expect.stringContaining('syntax error') });
    expect(await run('if; fi')).toMatchObject({ code: 2, err: expect.stringContaining('";" unexpected') });
    expect((await run('exit 7')).code).toBe(7);
  });

  test('reads what is sent to it', async () => {
    expect((await run('cat > note; cat note; wc -c < note', { input: 'hello\n' })).out).toBe('hello\n6\n');
  });

  test('a signal ends a command', async () => {
    const ended = await run('echo up; sleep 600; echo never', { killAfter: 'up' });
    expect(ended).toMatchObject({ out: 'up\n', signal: 'SIGTERM' });
  });

  test('what never ends can be ended, and holds up nobody else', async () => {
    const endless = run('echo up; while true; do :; done', { killAfter: 'up' });
    expect((await run('echo here')).out).toBe('here\n');
    expect(await endless).toMatchObject({ signal: 'SIGTERM' });
    expect(await run('f() { f; }; f; echo after')).toMatchObject({
      err: expect.stringContaining('nesting level exceeded'),
    });
  });

  test('many commands at once do not mix', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) => run(`x=${index}; sleep 0.01; echo $x`)),
    );
    expect(all.map(({ out }) => out.trim())).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });
});

describe('files', () => {
  test('belong to somebody', async () => {
    expect(await run('mkdir /data')).toEqual({
      out: '',
      err: 'mkdir: cannot create directory ‘/data’: Permission denied\n',
      code: 1,
    });
    expect(
      await run(
        'sudo -n mkdir -p /data/a/b && sudo chown -R 65532:65532 /data && stat -c "%u:%g %a" /data/a',
      ),
    ).toEqual({ out: '65532:65532 755\n', err: '', code: 0 });
    expect((await run('chown root /data')).err).toContain('Operation not permitted');
    expect((await run('mkdir -p ~/x/y && echo hi > ~/x/y/f && ls ~/x/y && rm -r ~/x; ls ~/x')).out).toBe(
      'f\n',
    );
  });

  test('disks have sizes', async () => {
    const { out } = await run('df -Pk / /home | tail -2 | cut -d" " -f6; stat -f -c "%T %a" /home');
    expect(out).toMatch(/^\/\n\/home\nxfs \d{9}\n$/);
  });
});

describe('docker', () => {
  const image = 'buchgr/bazel-remote-cache';
  const state = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await run("docker inspect -f '{{json .State}}' bazel-remote")).out);

  test('starts with what the team runs', async () => {
    const { out } = await run("docker ps --format '{{.Names}} {{.State}}'");
    expect(out).toBe('gitlab-runner running\n');
    expect((await run("docker version --format '{{.Server.Version}}'")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('docker run --rm hello-world')).out).toContain('Hello from Docker!');
  });

  test('the command of the plan: a directory of root, a restart loop, and its cure', async () => {
    const started = await run(
      `docker run -d --name bazel-remote --restart unless-stopped -v /srv/bazel-cache:/data -p 127.0.0.1::8080 -p 127.0.0.1::9092 -e BAZEL_REMOTE_MAX_SIZE=50 ${image}`,
    );
    expect([started.code, started.out]).toEqual([0, expect.stringMatching(/^[0-9a-f]{64}\n$/)]);
    expect(started.err).toContain(`Unable to find image '${image}:latest' locally`);
    await expect.poll(async () => (await state()).Status).toBe('restarting');
    expect((await run('docker logs bazel-remote')).err).toContain('mkdir /data/cas.v2: permission denied');
    expect((await run('docker ps')).out).toContain('Restarting (1)');
    await run('sudo chown -R 65532:65532 /srv/bazel-cache && docker restart bazel-remote');
    expect(await state()).toMatchObject({ Status: 'running', Running: true, Restarting: false, ExitCode: 0 });
    const [, port] =
      /8080\/tcp -> 127\.0\.0\.1:(\d+)/.exec((await run('docker port bazel-remote')).out) ?? [];
    expect(await (await fetch(`http://127.0.0.1:${port}/status`)).json()).toMatchObject({
      MaxSize: 50 * 1024 ** 3,
      GitTags: 'v2.6.2',
    });
    expect((await run(`curl -sI http://localhost:${port}/status | head -1`)).out).toBe('HTTP/1.1 200 OK\r\n');
    expect((await run(`ss -H -ltn | grep -c :${port}`)).out).toBe('1\n');
    expect((await run('ls /srv/bazel-cache')).out).toBe('ac.v2\ncas.v2\nraw.v2\n');
  });

  test('what was stored is there after a restart, and gone is what was removed', async () => {
    const url = async (): Promise<string> =>
      `http://127.0.0.1:${/8080\/tcp -> \S+:(\d+)/.exec((await run('docker port bazel-remote')).out)?.[1]}`;
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect((await fetch(`${await url()}/cas/${hash}`, { method: 'PUT', body: 'abc' })).status).toBe(200);
    await run('docker stop bazel-remote');
    expect(await state()).toMatchObject({ Status: 'exited', ExitCode: 0 });
    await run('docker start bazel-remote');
    const kept = await url();
    expect(await (await fetch(`${kept}/cas/${hash}`)).text()).toBe('abc');
    expect(await run('docker rm bazel-remote')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is running'),
    });
    expect(await run('docker rm -f bazel-remote')).toEqual({ out: 'bazel-remote\n', err: '', code: 0 });
    await expect(fetch(`${kept}/status`)).rejects.toThrow();
    expect(await run('docker inspect bazel-remote')).toEqual({
      out: '[]\n',
      err: 'Error: No such object: bazel-remote\n',
      code: 1,
    });
    expect((await run('docker rm -f bazel-remote')).code).toBe(0);
  });

  test.each([
    [
      'docker run -d --name gitlab-runner hello-world',
      'Conflict. The container name "/gitlab-runner" is already in use',
    ],
    [
      `docker run -d --name c1 -p 22:8080 -e BAZEL_REMOTE_MAX_SIZE=1 ${image}`,
      'bind: address already in use',
    ],
    [
      `docker run -d --name c2 -p 10.9.8.7:9191:8080 -e BAZEL_REMOTE_MAX_SIZE=1 ${image}`,
      'cannot assign requested address',
    ],
    ['docker run -d --name c3 nobody/nothing', 'pull access denied for nobody/nothing'],
    [`docker run -d --name c4 ${image}:v9`, 'manifest unknown'],
    [`docker run -d --name c ${image}`, 'Invalid container name (c)'],
    ['docker run --no-such-flag x', 'unknown flag: --no-such-flag'],
  ])('%s ends with 125', async (command, text) => {
    expect(await run(command)).toMatchObject({ code: 125, err: expect.stringContaining(text) });
  });

  test('a port that a program of this machine holds is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ran = await run(`docker run -d --name c5 -p ${port}:8080 -e BAZEL_REMOTE_MAX_SIZE=1 ${image}`);
    expect(ran).toMatchObject({
      code: 125,
      err: expect.stringContaining(`listen tcp4 0.0.0.0:${port}: bind: address already in use`),
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  test('one who is not in its group may not speak to it', async () => {
    const { machine } = honey;
    const nobody = {
      name: 'nobody',
      uid: 65534,
      gid: 65534,
      groups: [['nobody', 65534]] as const,
      home: '/',
    };
    (machine.users as (typeof nobody)[]).push(nobody);
    const ran = await run('sudo -u nobody docker ps');
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('permission denied') });
  });
});

test('a terminal has a prompt, an echo, Ctrl-C and Ctrl-D', async () => {
  const said = await new Promise<string>((resolve, reject) => {
    client.shell((error, channel) => {
      if (error) return reject(error);
      let text = '';
      const steps: [string, string][] = [
        ['$ ', 'echo one\r'],
        ['one\r\n[ops@honey ~]$ ', 'sleep 600\r'],
        ['sleep 600\r\n', '\u0003'],
        ['^C\r\n[ops@honey ~]$ ', 'echo "two\r'],
        ['> ', 'lines"\r'],
        ['two\r\nlines\r\n[ops@honey ~]$ ', 'xy\u007F\u007F\u001B[A\u0015\u0004'],
      ];
      let from = 0;
      channel.on('data', (data: Buffer) => {
        text += data.toString('utf8');
        const [wanted, keys] = steps[0] ?? [];
        if (wanted === undefined || !text.includes(wanted, from)) return;
        from = text.length;
        steps.shift();
        channel.write(keys ?? '');
      });
      channel.on('close', () => resolve(text));
    });
  });
  expect(said.startsWith('[ops@honey ~]$ echo one\r\none\r\n')).toBe(true);
  expect(said.endsWith('logout\r\n')).toBe(true);
});

withSsh('the services', () => {
  test('look at it as at any host', async () => {
    const world = openWorld();
    const configFile = join(directory, 'config');
    writeFileSync(configFile, '');
    const host = connectHost({
      destination: 'honey',
      now: Date.now,
      open: () =>
        openShell({
          destination: '127.0.0.1',
          port: honey.port,
          user: honey.user,
          identityFile: honey.identityFile,
          knownHosts: honey.knownHosts,
          configFile,
          gate: world.gate,
          activity: world.activity,
        }),
    });
    const state = await host.look({ paths: ['/home/ops', '/not/there'] });
    host.close();
    expect(state).toMatchObject({
      local: false,
      kernel: { value: { system: 'Linux', machine: 'x86_64' } },
      load: { value: { one: 17.21, cpus: 16 } },
      disks: {
        value: [{ path: '/' }, { path: '/home/ops', mount: '/home' }, { path: '/not/there', mount: '/' }],
      },
      engines: [{ name: 'docker', version: { value: '27.5.1' } }],
      tailscale: { value: { running: true, addresses: ['100.77.196.50'] } },
    });
    expect(state.containers).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ name: 'gitlab-runner', state: 'running' })]),
    });
    expect(state.ports).toMatchObject({ value: expect.arrayContaining([{ address: '0.0.0.0', port: 22 }]) });
    expect(Math.abs(state.clockSkew ?? Number.NaN)).toBeLessThan(5);
  });
});
