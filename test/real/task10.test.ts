import { insideHoney } from './insideHoney.ts';

insideHoney({
  title: 'a cache on honey',
  name: 'task10',
  variable: 'HUSKYCAT_TEST_TASK10_UP',
  files: ['test/real/task10Inside.test.ts', 'test/real/task10TroubleInside.test.ts'],
  timeout: 600_000,
});
