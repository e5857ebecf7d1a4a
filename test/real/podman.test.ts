import { chmodSync, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll } from 'vitest';
import { insideHoney } from './insideHoney.ts';
import { needsProgram } from './require.ts';

const isThere = ['podman', 'newuidmap', 'slirp4netns'].every((name) => needsProgram(name) !== undefined);

/** Without root a container's network goes through it, and only root may open it everywhere. */
const tunnel = '/dev/net/tun';
let mode: number | undefined;
beforeAll(() => {
  if (userInfo().uid !== 0 || !existsSync(tunnel)) return;
  mode = statSync(tunnel).mode & 0o7777;
  chmodSync(tunnel, 0o666);
});
afterAll(() => {
  if (mode !== undefined) chmodSync(tunnel, mode);
});

insideHoney({
  title: 'a cache that Podman runs on honey',
  name: 'podman',
  variable: 'HUSKYCAT_TEST_PODMAN_UP',
  files: ['test/real/podmanInside.test.ts'],
  timeout: 600_000,
  logins: isThere
    ? [
        ['root', ''],
        ['an ordinary user', 'huskyops'],
      ]
    : [],
});
