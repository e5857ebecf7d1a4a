import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSession } from '../../source/compose/session.ts';

const flake = `{
  nixConfig.extra-substituters = [ "https://cache.example.dev" ];
  outputs = _: { };
}
`;

function open(flags: { attic?: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-compose-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'flake.nix'), flake);
  const environment = {
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
    HUSKYCAT_NO_KEYCHAIN: '1',
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
