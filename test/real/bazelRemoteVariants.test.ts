import { insideHoney } from './insideHoney.ts';

insideHoney({
  title: 'other forms of the cache on honey',
  name: 'variants',
  variable: 'HUSKYCAT_TEST_VARIANTS_UP',
  files: ['test/real/bazelRemoteVariantsInside.test.ts'],
  timeout: 300_000,
});
