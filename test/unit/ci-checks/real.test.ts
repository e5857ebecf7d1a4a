import { expect, test } from 'vitest';
import { rulesOf } from './ask.ts';
import { realJobs } from './realJobs.ts';
import { realScripts } from './realScripts.ts';
import { realStores } from './realStores.ts';

test.each([...realJobs, ...realScripts, ...realStores])('%s', (_, { config, rules, files }) => {
  expect(rulesOf(config, files)).toEqual([...rules].sort());
});
