import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkConfiguration } from '../../../source/core/ci/checks/index.ts';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import type { PipelineEvent } from '../../../source/core/ci/model.ts';

const events: readonly PipelineEvent[] = ['push', 'merge_request', 'tag', 'schedule', 'web'];

const odd = fc.oneof(
  fc.constantFrom<string | number | boolean | null>(
    'a',
    'release',
    '__proto__',
    'constructor',
    null,
    true,
    -1,
    '$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA',
    'docker push $CI_REGISTRY_IMAGE:${X',
    'docker build --cache-from "type=registry,ref=$A" -f ../../x .',
    'echo "A=$(id)" >> build.env',
    'cp dist/a/b "$CI_PROJECT_DIR',
    'set -x',
    'if [ -z "$TOKEN" ]; then exit 0; fi',
    'grep -q "[$A',
    '$A',
    '$A$A$A',
    'dist/(/',
    '5 min',
    'always',
    '\u001b[2J\u202e\u0000',
  ),
  fc.string({ maxLength: 12 }),
);
const list = fc.oneof(odd, fc.array(fc.oneof(odd, fc.array(odd, { maxLength: 2 })), { maxLength: 4 }));
const mapping = fc.dictionary(
  fc.constantFrom(
    'paths',
    'key',
    'files',
    'policy',
    'when',
    'expire_in',
    'reports',
    'dotenv',
    'job',
    'artifacts',
    'A',
    'CI_X',
    'if',
    'changes',
    'fallback_keys',
  ),
  list,
  { maxKeys: 5, noNullPrototype: true },
);
const job = fc.dictionary(
  fc.constantFrom(
    'script',
    'before_script',
    'stage',
    'needs',
    'dependencies',
    'cache',
    'artifacts',
    'image',
    'services',
    'variables',
    'rules',
    'allow_failure',
    'when',
    'start_in',
    'tags',
    'parallel',
    'release',
    'secrets',
  ),
  fc.oneof(list, mapping, fc.array(mapping, { maxLength: 3 })),
  { maxKeys: 8, noNullPrototype: true },
);
const root = fc.dictionary(
  fc.constantFrom('a', 'b', 'test', 'release', 'sign', 'variables', 'workflow', 'stages', 'default'),
  fc.oneof(job, mapping, list),
  { maxKeys: 6, noNullPrototype: true },
);

test('no rule throws, whatever jobs, needs, caches, images and other files hold', () => {
  fc.assert(
    fc.property(root, fc.string({ maxLength: 80 }), odd, (entry, text, word) => {
      const contents: Record<string, string> = {
        '.gitlab-ci.yml': JSON.stringify(entry),
        '.bazelrc': `build --remote_cache=${text}\n${text}`,
        'flake.nix': `{ nixConfig.extra-trusted-public-keys = [ "${text}`,
        Dockerfile: `ARG A=${word}\nARG A=$A\nFROM $A\nFROM ${text}`,
        'package-lock.json': text,
      };
      const files = { read: (path: string) => contents[path], list: () => Object.keys(contents) };
      const sets = new Map(
        events.map((event) => [
          event,
          jobSet('.gitlab-ci.yml', { event, ref: 'main', defaultBranch: 'main', variables: {}, files }),
        ]),
      );
      const configuration = sets.get('push')?.configuration;
      if (!configuration) throw new Error('there is always a configuration');
      for (const finding of checkConfiguration({ configuration, sets, files, knownVariables: ['A'] })) {
        expect(finding.title).not.toBe('');
        expect('file' in finding.where && (finding.where.line ?? 0) >= 1).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});
