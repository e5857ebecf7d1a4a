import { expect, test } from 'vitest';
import { makeDirectory, startServer, withSsh } from './world.ts';

withSsh('commands', () => {
  test('an argument vector arrives as it is', async () => {
    const shell = await (await startServer()).connect();
    const words = ["it's", '$(id)', 'a\nb', '-n', '', '*', 'ü'];
    const { stdout } = await shell.read(['printf', '%s|', ...words]);
    expect(stdout).toBe(words.map((word) => `${word}|`).join(''));
  });

  test('status, signal, both outputs and the input are told apart', async () => {
    const shell = await (await startServer()).connect();
    expect(await shell.read(['sh', '-c', 'cat; echo wrong >&2; exit 7'], { input: 'given' })).toEqual({
      code: 7,
      exitSignal: null,
      stdout: 'given',
      stderr: 'wrong\n',
      cut: false,
    });
    expect(await shell.read(['sh', '-c', 'kill -9 $$'])).toMatchObject({
      code: null,
      exitSignal: 'SIGKILL',
    });
  });

  test('output beyond the limit is read and dropped', async () => {
    const shell = await (await startServer()).connect();
    const result = await shell.read(['sh', '-c', 'head -c 20000000 /dev/zero | tr "\\0" x; echo end >&2'], {
      maxBytes: 1_000,
    });
    expect(result).toMatchObject({ code: 0, cut: true, stderr: 'end\n', stdout: 'x'.repeat(1_000) });
  });

  test('bytes that are no UTF-8 do not break it, and a character in two pieces is one', async () => {
    const server = await startServer({
      exec: (_command, channel) => {
        channel.write(Buffer.from([0xff, 0xc3]));
        setImmediate(() => {
          channel.write(Buffer.from([0xbc]));
          channel.exit(0);
          channel.end();
        });
      },
    });
    const seen: string[] = [];
    const shell = await server.connect();
    const { stdout } = await shell.read(['x'], { onOutput: (text) => seen.push(text) });
    expect(stdout).toBe('\ufffdü');
    expect(seen.join('')).toBe('\ufffdü');
  });

  test('a command that outlives its time is ended and told', async () => {
    const server = await startServer();
    const shell = await server.connect();
    await expect(shell.read(['sleep', '60'], { timeout: 1_500 })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'timeout',
    });
    await expect.poll(() => server.ended).toEqual(['SIGTERM']);
    expect((await shell.read(['echo', 'on'])).stdout).toBe('on\n');
    expect(server.logins()).toBe(1);
  });

  test('an aborted command closes its channel and leaves the connection', async () => {
    const server = await startServer();
    const shell = await server.connect();
    const stop = new AbortController();
    const running = shell.read(['sh', '-c', 'echo started; exec sleep 60'], {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => server.ended).toEqual(['SIGTERM']);
    expect((await shell.read(['true'])).code).toBe(0);
    expect(server.logins()).toBe(1);
    await expect(shell.read(['true'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('a connection that drops in mid command is said, and the next command connects anew', async () => {
    const server = await startServer();
    const shell = await server.connect();
    const running = shell.read(['sh', '-c', 'echo started; sleep 60'], { onOutput: () => server.drop() });
    await expect(running).rejects.toMatchObject({ kind: 'unavailable', code: 'connection-lost' });
    expect((await shell.read(['echo', 'back'])).stdout).toBe('back\n');
    expect(server.logins()).toBe(2);
    expect(server.activity.list().map(({ title, state }) => [title, state])).toContainEqual([
      '127.0.0.1: echo back',
      'done',
    ]);
  });

  test('commands share one connection, eight at a time', async () => {
    const server = await startServer();
    const shell = await server.connect();
    const results = await Promise.all(Array.from({ length: 30 }, (_, n) => shell.read(['echo', String(n)])));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(server.logins()).toBe(1);
    expect(server.mostSessions()).toBeLessThanOrEqual(8);
  });

  test('a server that allows fewer sessions is given fewer', async () => {
    const server = await startServer({ maxSessions: 2 });
    const shell = await server.connect();
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => shell.read(['echo', String(n)])));
    expect(results.map(({ stdout }) => Number(stdout))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('a server that allows no session says so', async () => {
    const shell = await (await startServer({ maxSessions: 0 })).connect();
    await expect(shell.read(['true'])).rejects.toMatchObject({ code: 'channel-refused' });
  });

  test('a command waiting for its turn can be aborted', async () => {
    const server = await startServer();
    const shell = await server.connect();
    const stop = new AbortController();
    const long = Array.from({ length: 8 }, () => shell.read(['sleep', '60'], { signal: stop.signal }));
    const waiting = new AbortController();
    const ninth = shell.read(['true'], { signal: waiting.signal });
    waiting.abort();
    await expect(ninth).rejects.toMatchObject({ name: 'AbortError' });
    stop.abort();
    await Promise.allSettled(long);
    expect((await shell.read(['true'])).code).toBe(0);
  });

  test('what changes something needs a grant that is open', async () => {
    const server = await startServer();
    const shell = await server.connect();
    const path = `${makeDirectory(server.inside('out'))}/file`;
    const write = {
      title: 'Make a file',
      effect: 'remote' as const,
      target: 'ops@127.0.0.1',
      detail: `touch ${path}`,
      undo: { text: 'Remove it.' },
    };
    let kept: Parameters<typeof shell.change>[0] | undefined;
    server.gate.arm();
    await server.gate.perform({
      ...write,
      perform: async (grant) => {
        kept = grant;
        expect((await shell.change(grant, ['touch', path])).code).toBe(0);
      },
    });
    await expect(shell.change(kept!, ['touch', `${path}2`])).rejects.toMatchObject({ code: 'no-grant' });
    expect((await shell.read(['ls', server.inside('out')])).stdout).toBe('file\n');
  });

  test('a closed shell stays closed', async () => {
    const shell = await (await startServer()).connect();
    shell.close();
    await expect(shell.read(['true'])).rejects.toMatchObject({ kind: 'unavailable', code: 'closed' });
  });
});
