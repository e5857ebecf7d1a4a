import { describe, expect, test } from 'vitest';
import { classify, type Predecessor } from '../../../source/core/speed/classify.ts';
import { copiedPaths, decidesSpeed } from '../../../source/core/speed/files.ts';

const files = { copied: ['pyproject.toml', 'src', 'scripts/download-tools.sh'] };
const push = { source: 'push', isTag: false };

function changed(...paths: string[]): Predecessor {
  return { is: 'commit', comparison: { commits: [], paths, isWhole: true } };
}

describe('what a pipeline built', () => {
  test.each<[string, Predecessor, string]>([
    ['documents', changed('docs/index.md', 'README.md', 'docs/picture.svg'), 'docs'],
    ['Python', changed('src/huskycat/validate.py', 'tests/test_validate.py'), 'python'],
    ['Python and its notes', changed('src/a.py', 'CHANGELOG.md'), 'python'],
    ['a script under docs', changed('docs/conf.py'), 'python'],
    ['the container file', changed('ContainerFile'), 'container'],
    ['a Dockerfile in a folder', changed('images/Dockerfile.arm', 'src/a.py'), 'container'],
    ['what the image copies', changed('pyproject.toml'), 'container'],
    ['a file in a folder that it copies', changed('src/huskycat/data.json'), 'container'],
    ['the CI configuration', changed('.gitlab-ci.yml', 'src/a.py'), 'other'],
    ['a folder whose name only begins alike', changed('srcery/data.json'), 'other'],
    ['nothing', changed(), 'unknown'],
    [
      'more than GitLab lists',
      { is: 'commit', comparison: { commits: [], paths: [], isWhole: false } },
      'other',
    ],
    ['a commit that is gone', { is: 'commit', comparison: undefined }, 'unknown'],
    ['the first of a branch', { is: 'none' }, 'clean'],
    ['the same commit', { is: 'same' }, 'unknown'],
    ['after something older than is known', { is: 'not-known' }, 'unknown'],
  ])('%s', (_, predecessor, kind) => {
    const answer = classify(push, predecessor, files);
    expect(answer.kind).toBe(kind);
    expect(answer.because).not.toBe('');
  });

  test('a tag is no branch, also the first time', () => {
    expect(classify({ source: 'push', isTag: true }, { is: 'none' }, files).kind).toBe('other');
  });

  test('the reason names the files', () => {
    expect(classify(push, changed('a.py', 'b.py', 'c.py'), files).because).toBe(
      'a.py and 2 other Python files',
    );
    expect(classify({ source: 'schedule', isTag: false }, { is: 'same' }, files).because).toContain(
      'schedule',
    );
  });
});

test('what a container file copies: not from stages, not from addresses, not everything', () => {
  const text = [
    'FROM base AS tools',
    'COPY scripts/download-tools.sh /tmp/x.sh',
    'COPY --chown=1:1 pyproject.toml README.md ./',
    'copy ["src one", "src/two/", "/app/"]',
    'ADD https://example.org/x.tgz /x',
    'COPY --from=tools /opt /opt',
    'COPY . /all',
    'COPY ./lib/*.py \\',
    '  lib/deep/ /lib/',
    'COPY $ARG /y',
    '# COPY hidden /z',
  ].join('\r\n');
  expect(copiedPaths(text)).toEqual([
    'scripts/download-tools.sh',
    'pyproject.toml',
    'README.md',
    'src one',
    'src/two',
    'lib',
    'lib/deep',
  ]);
  expect(copiedPaths('')).toEqual([]);
});

test.each([
  ['.gitlab-ci.yml', true],
  ['.gitlab/ci/build.yml', true],
  ['ci/shared.yml', true],
  ['flake.nix', true],
  ['.bazelrc', true],
  ['ContainerFile', true],
  ['docs/flake.nix', false],
  ['src/a.py', false],
])('%s decides the speed: %s', (path, decides) => {
  expect(decidesSpeed(path, { ci: new Set(['ci/shared.yml']) })).toBe(decides);
});
