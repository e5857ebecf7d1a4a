import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../source/compose/session.ts';
import { serve } from '../services/http/server.ts';

const flake = `{
  nixConfig.extra-substituters = [ "https://cache.example.dev" ];
  outputs = _: { };
}
`;

function open(flags: { attic?: string }, { text = flake, token = '' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-compose-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'flake.nix'), text);
  const environment = {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
    HUSKYCAT_NO_KEYCHAIN: '1',
    ATTIC_TOKEN: token,
  };
  return openSession({
    flags: { dir: folder, ...flags },
    version: '0.0.0',
    isSandboxWelcome: false,
    environment,
  });
}

test('a bad address in a file of the checkout is told where the cache would be, and stops nothing else', async () => {
  const { workspace, close } = await open({});
  onTestFinished(close);
  expect(workspace.attic).toEqual({ off: expect.stringContaining('the address names no cache') });
  expect((await workspace.openCheckout()).read('flake.nix')).toBe(flake);
});

test('a bad address that the user gave is refused', async () => {
  await expect(open({ attic: 'https://cache.example.dev' })).rejects.toMatchObject({
    code: 'bad-cache-name',
  });
});

test('ATTIC_TOKEN goes to a cache that the user named, never to one that only the checkout names', async () => {
  const server = await serve(() => ({ status: 404 }));
  onTestFinished(server.close);
  const token = 'a-token-of-the-user';
  const cache = `${server.url}/main`;
  const text = flake.replace('https://cache.example.dev', cache);
  const look = async (flags: { attic?: string }): Promise<number> => {
    const { workspace, close } = await open(flags, { text, token });
    onTestFinished(close);
    if ('off' in workspace.attic) throw new Error(workspace.attic.off);
    const before = server.asked.length;
    await workspace.attic.service.look({});
    const asked = server.asked.slice(before);
    expect(asked.length).toBeGreaterThan(0);
    return asked.filter(({ headers }) => JSON.stringify(headers).includes(token)).length;
  };
  expect(await look({})).toBe(0);
  expect(await look({ attic: cache })).toBeGreaterThan(0);
});
