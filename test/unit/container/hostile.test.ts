import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beyond } from '../../../source/core/container/beyond.ts';
import { layerOptions } from '../../../source/core/container/layerOption.ts';
import { readShell } from '../../../source/core/shell/read.ts';
import { change, entry, filesOf, setOf } from './layers.ts';

const pieces = fc.constantFrom(
  'docker build ',
  'docker push a:b',
  '/kaniko/executor ',
  'buildctl build ',
  '--tag ',
  '--cache-from=',
  '-f',
  '"',
  "'",
  '`',
  '$(',
  '$' + '{',
  '}',
  ')',
  '(',
  ' ',
  '\\',
  '\n',
  '&&',
  '||',
  '|',
  ';',
  '<<EOF',
  'EOF',
  '>',
  '#',
  'if ',
  'fi',
  'do',
  'done',
  'for ',
  'case x in',
  'esac',
  '.',
  '💥',
  '\u0000',
  '\r',
);
const scripts = fc.array(pieces, { maxLength: 40 }).map((list) => list.join(''));

test('any text is read to its end: commands in order, within it', () => {
  fc.assert(
    fc.property(scripts, (text) => {
      let last = 0;
      for (const { start, end, words } of readShell(text).commands) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThanOrEqual(last);
        for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.raw);
        last = start;
      }
    }),
    { numRuns: 2_000, seed: 5 },
  );
});

test('any script is either changed so that GitLab still takes it, or left as it is', () => {
  fc.assert(
    fc.property(scripts, (script) => {
      const text = `build:\n  image: docker:27\n  services: [docker:27-dind]\n  script:\n    - ${JSON.stringify(script)}\n    - docker build -t $CI_REGISTRY_IMAGE:x .\n    - make\n`;
      for (const option of layerOptions) {
        const { after, refused } = change(text, option);
        expect(refused).toBeUndefined();
        expect(setOf(after).errors).toEqual(setOf(filesOf({ [entry]: text })).errors);
      }
    }),
    { numRuns: 80, seed: 5 },
  );
});

test.each([
  ['quotes', '"'.repeat(100_000)],
  ['substitutions', '$('.repeat(50_000)],
  ['closed substitutions', '$(a) '.repeat(50_000)],
  ['documents', 'a <<E\n'.repeat(30_000)],
  ['continued lines', 'a \\\n'.repeat(100_000)],
  ['compounds', 'if '.repeat(100_000)],
  ['pipes', 'a|'.repeat(100_000)],
])('%s are read in a moment', (_, text) => {
  const before = performance.now();
  readShell(text);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('pipelines that are started with a configuration of their own, and includes that are not here, are named', () => {
  const files = filesOf({
    [entry]: `include:\n  - project: other/ci\n    file: docker.yml\nlocal:\n  trigger:\n    include: ci/images.yml\nplain:\n  trigger:\n    include:\n      - local: /ci/plain.yml\nmake:\n  script: ./generate > child.yml\n  artifacts: { paths: [child.yml] }\nmade:\n  stage: test\n  trigger:\n    include:\n      - artifact: child.yml\n        job: make\n`,
    'ci/images.yml': 'image:\n  script: docker build .\n',
    'ci/plain.yml': 'a:\n  script: make\n',
  });
  const found = beyond(setOf(files).configuration, files);
  expect(found).toHaveLength(3);
  expect(found[0]).toBe(
    'local starts a pipeline from ci/images.yml, which builds images: write the cache there by hand',
  );
  expect(found[1]).toBe('made starts a pipeline from child.yml, which make makes anew each time');
  expect(found[2]).toContain('other/ci');
});
