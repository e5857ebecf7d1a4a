import { expect, test } from 'vitest';
import { parseBazelrc } from '../../../source/core/bazel/bazelrc.ts';
import { bazelClaims } from '../../../source/core/bazel/claims.ts';
import { filesOf } from '../filesOf.ts';

/** `file:line state command[:config] flag=value`, with `if` where it is conditional. */
function shown(all: Record<string, string>): string[] {
  return bazelClaims(filesOf(all)).claims.map((one) => {
    const line = all[one.file]?.split('\n')[one.line - 1] ?? '';
    expect(line.slice(one.column - 1)).toMatch(/^['"]?--/);
    const state = `${one.isActive ? 'on' : 'off'}${one.isConditional ? ' if' : ''}`;
    const config = one.config === undefined ? '' : `:${one.config}`;
    const value = one.value === undefined ? '' : `=${one.value}`;
    return `${one.file}:${one.line} ${state} ${one.command}${config} ${one.flag}${value}`;
  });
}

test('a .bazelrc with a commented remote cache', () => {
  const text = `# Caching
build --disk_cache=.cache/bazel   # local
# Remote cache, to be switched on:
# build --remote_cache=grpc://100.77.196.50:9092
#build --remote_timeout=3600 --remote_upload_local_results=true
build:ci --noremote_upload_local_results
build:prod --remote_download_minimal
build --jobs=4
`;
  expect(shown({ '.bazelrc': text })).toEqual([
    '.bazelrc:2 on build disk_cache=.cache/bazel',
    '.bazelrc:4 off build remote_cache=grpc://100.77.196.50:9092',
    '.bazelrc:5 off build remote_timeout=3600',
    '.bazelrc:5 off build remote_upload_local_results=true',
    '.bazelrc:6 on if build:ci remote_upload_local_results=false',
    '.bazelrc:7 on if build:prod remote_download_minimal',
  ]);
});

test('a config that an unconditional line turns on is not conditional, through other configs too', () => {
  const text = `build --config=cache
build:cache --config=remote
build:remote --remote_cache=grpc://a:1
build:other --remote_cache=grpc://b:1
# build --config=other
`;
  expect(shown({ '.bazelrc': text })).toEqual([
    '.bazelrc:3 on build:remote remote_cache=grpc://a:1',
    '.bazelrc:4 on if build:other remote_cache=grpc://b:1',
  ]);
});

test('imports are followed once; what is missing is named; files that nothing reads are conditional', () => {
  const all = {
    '.bazelrc': 'import %workspace%/tools/cache.bazelrc\ntry-import %workspace%/user.bazelrc\n',
    'tools/cache.bazelrc': 'import %workspace%/.bazelrc\ncommon --disk_cache=/x\n',
    'tools/extra.bazelrc': 'build --disk_cache=/y\n',
  };
  expect(shown(all)).toEqual([
    'tools/cache.bazelrc:2 on common disk_cache=/x',
    'tools/extra.bazelrc:1 on if build disk_cache=/y',
  ]);
  expect(bazelClaims(filesOf(all)).missing).toEqual([
    { file: '.bazelrc', line: 2, column: 1, path: 'user.bazelrc', isOptional: true },
  ]);
});

test('quotes, continued lines, values apart, CRLF', () => {
  const text =
    'build --remote_cache "grpc://a:1" \\\n  --remote_timeout=\\\n60s \'--disk_cache=/a b\'\r\nbuild --remote_retries=2\r\n';
  const { options } = parseBazelrc('.bazelrc', text);
  expect(options.map(({ flag, value, line, column }) => [flag, value, line, column])).toEqual([
    ['remote_cache', 'grpc://a:1', 1, 7],
    ['remote_timeout', '', 2, 3],
    ['disk_cache', '/a b', 3, 5],
    ['remote_retries', '2', 4, 7],
  ]);
});

test('prose in comments is no flag', () => {
  const text =
    '# test this --now\n# build the thing\n# we build --remote_cache later\n# --remote_cache=grpc://a:1\n';
  expect(shown({ '.bazelrc': text })).toEqual(['.bazelrc:4 off build remote_cache=grpc://a:1']);
});

test('command lines of the CI', () => {
  const text = `build:
  script:
    - bazel --output_base=/x test --config=ci --remote_cache=grpc://100.77.196.50:9092 --remote_download_minimal //...
    # - bazel build --disk_cache=/cache //...
    - bazelisk build --noremote_upload_local_results "--remote_header=authorization=Basic c2VjcmV0" //...
`;
  expect(shown({ '.gitlab/ci/bazel.yml': text })).toEqual([
    '.gitlab/ci/bazel.yml:3 on test remote_cache=grpc://100.77.196.50:9092',
    '.gitlab/ci/bazel.yml:3 on test remote_download_minimal',
    '.gitlab/ci/bazel.yml:4 off build disk_cache=/cache',
    '.gitlab/ci/bazel.yml:5 on build remote_upload_local_results=false',
    '.gitlab/ci/bazel.yml:5 on build remote_header=authorization=[MASKED]',
  ]);
});

test('credentials are masked', () => {
  const text =
    'build --remote_cache=grpc://alice:s3cret@host:9092\nbuild --remote_header=authorization=s3cret --remote_header=s3cret\n';
  expect(JSON.stringify(bazelClaims(filesOf({ '.bazelrc': text })))).not.toContain('s3cret');
});

test('hostile text ends soon and finds nothing', () => {
  for (const evil of [
    '\\\n'.repeat(190_000),
    'bazel '.repeat(60_000),
    '--remote_'.repeat(40_000),
    '"'.repeat(390_000),
  ])
    expect(shown({ '.bazelrc': evil, 'x.yml': evil })).toEqual([]);
});
