import { chmodSync, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, test } from 'vitest';
import { insideHoney } from './insideHoney.ts';
import { needsProgram, wants } from './require.ts';

// Not every machine lets a user run containers without root: it is tried where somebody says so.
const isThere =
  wants('Podman to try', 'HUSKYCAT_TEST_PODMAN') !== undefined &&
  ['podman', 'newuidmap', 'slirp4netns'].every((name) => needsProgram(name) !== undefined);

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

const podman = {
  title: 'a cache that Podman runs on honey',
  name: 'podman',
  variable: 'HUSKYCAT_TEST_PODMAN_UP',
  files: ['test/real/podmanInside.test.ts'],
  timeout: 600_000,
  logins: [
    ['root', ''],
    ['an ordinary user', 'huskyops'],
  ],
} as const;
if (isThere) insideHoney(podman);
else test.skip(podman.title, () => {});
