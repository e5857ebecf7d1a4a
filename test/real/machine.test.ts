import { insideHoney } from './insideHoney.ts';

insideHoney({
  title: 'a cache on a machine that systemd runs',
  name: 'machine',
  variable: 'HUSKYCAT_TEST_PODMAN_UP',
  files: ['test/real/podmanInside.test.ts', 'test/real/machineInside.test.ts'],
  timeout: 600_000,
  instead: ['machine', 'HUSKYCAT_TEST_MACHINE'],
  logins: [
    ['root', ''],
    ['a user without root', 'ops'],
  ],
});
