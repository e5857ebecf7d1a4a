import { insideHoney } from './insideHoney.ts';

insideHoney({
  title: 'a cache in a cluster',
  name: 'cluster',
  variable: 'HUSKYCAT_TEST_CLUSTER_UP',
  files: ['test/real/clusterInside.test.ts'],
  timeout: 600_000,
  logins: [['its administrator', '']],
  instead: ['cluster', 'HUSKYCAT_TEST_CLUSTER'],
});
