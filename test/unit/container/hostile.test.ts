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
  ['quotes', '"', 1, undefined],
  ['substitutions', '$(', 0, 'a quote is not closed'],
  ['closed substitutions', '$(a) ', 1, undefined],
  ['documents', 'a <<E\n', 1, 'the here-document up to E is not closed'],
  ['continued lines', 'a \\\n', 1, undefined],
  ['compounds', 'if ', 0, '`if` is not closed'],
  ['pipes', 'a|', 500_000, undefined],
])('half a million %s are read before the test’s time is over', (_, part, count, broken) => {
  const script = readShell(part.repeat(500_000));
  expect([script.commands.length, script.broken]).toEqual([count, broken]);
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
