import { expect, test } from 'vitest';
import { specOf } from '../../../source/core/container/builds.ts';
import { readShell } from '../../../source/core/shell/read.ts';

const words = (text: string): string[][] =>
  readShell(text).commands.map(({ words: list }) => list.map(({ text: word }) => word));

test('words keep their variables and lose their quotes', () => {
  expect(words(`docker build -t "$A:\${B}-x" --label 'a b' . # a comment`)).toEqual([
    ['docker', 'build', '-t', '$A:$' + '{B}-x', '--label', 'a b', '.'],
  ]);
  expect(words('a \\\n  b \\\r\n  c\nd')).toEqual([['a', 'b', 'c'], ['d']]);
  expect(words(`echo "$(printf '%s)' "x")" a`)).toEqual([['echo', `$(printf '%s)' "x")`, 'a']]);
});

test('what cannot be told without running is not plain', () => {
  const plain = (text: string) => readShell(text).commands[0]?.words.map(({ isPlain }) => isPlain);
  expect(plain('a $B "$B" "${B}" \'$B\' \\$B $(c) `c` ${B:-x} *')).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('operators and compound commands are known around each command', () => {
  const text = 'a && b || c | d\nif e; then f; else g; fi\nfor x in 1 2; do\n  h $x\ndone\n( i; j )';
  expect(
    readShell(text).commands.map(({ words: [first], before, after, within }) => [
      first?.text,
      before,
      after,
      within.join(' '),
    ]),
  ).toEqual([
    ['a', '', '&&', ''],
    ['b', '&&', '||', ''],
    ['c', '||', '|', ''],
    ['d', '|', '\n', ''],
    ['e', '\n', ';', 'if'],
    ['f', '\n', ';', 'if'],
    ['g', '\n', ';', 'if'],
    ['x', ';', ';', 'for'],
    ['h', '\n', '\n', 'for'],
    ['i', '\n', ';', '('],
    ['j', ';', '\n', '('],
  ]);
});

test('here-documents and patterns of case hide no commands and show none', () => {
  expect(words('cat > f <<EOF\ndocker build .\nEOF\nb')).toEqual([['cat'], ['b']]);
  expect(words('cat <<-"X Y" | c\n\tdocker build\n\tX Y\nb')).toEqual([['cat'], ['c'], ['b']]);
  expect(words('case $A in\n  x|y) b ;;\n  *) c ;;\nesac\nd').slice(-3)).toEqual([['b'], ['c'], ['d']]);
});

test('assignments and redirections are no words', () => {
  const [command] = readShell('A=1 B="$C" docker build . > log 2>&1').commands;
  expect(command?.assignments.map(({ raw }) => raw)).toEqual(['A=1', 'B="$C"']);
  expect(command?.words.map(({ raw }) => raw)).toEqual(['docker', 'build', '.']);
  expect(command?.redirections).toHaveLength(2);
});

test.each([['a "b'], ['a $(b'], ["a 'b"], ['if a; then b'], ['a `b']])('%s is said to be broken', (text) => {
  expect(readShell(text).broken).toBeDefined();
});

const read = (text: string) => {
  const [command] = readShell(text).commands;
  const spec = command && specOf(command);
  return (
    spec && {
      tool: spec.tool,
      file: spec.file?.text,
      context: spec.context.text,
      tags: spec.tags.map(({ raw }) => raw),
      args: spec.buildArgs.map(({ raw }) => raw),
      cacheFrom: spec.cacheFrom.map(({ text: value }) => value),
      others: spec.others.map(({ name }) => name),
      unknown: spec.unknown,
    }
  );
};

test.each([
  [
    'docker build --pull -f ContainerFile -t "$R:$T-amd64" --build-arg V="$V" .',
    { tool: 'docker build', file: 'ContainerFile', context: '.', tags: ['"$R:$T-amd64"'], args: ['V="$V"'] },
  ],
  [
    'docker buildx build "--tag=$R:$T" --cache-from=type=registry,ref=$R/c --push sub',
    { tool: 'docker buildx', context: 'sub', tags: ['"$R:$T"'], cacheFrom: ['type=registry,ref=$R/c'] },
  ],
  [
    '/kaniko/executor --context $CI_PROJECT_DIR --dockerfile D --destination=$R:$T --destination $R:x --cache=true --cache-repo=$R/c',
    { tool: 'kaniko', file: 'D', context: '$CI_PROJECT_DIR', tags: ['$R:$T', '$R:x'], cacheFrom: ['$R/c'] },
  ],
  [
    'buildctl-daemonless.sh build --frontend dockerfile.v0 --local context=. --local dockerfile=. --opt filename=F --opt build-arg:A=1 --output \'type=image,"name=$R:1,$R:2",push=true\' --import-cache type=registry,ref=$R/c',
    { tool: 'buildkit', file: 'F', context: '.', args: ['A=1'], cacheFrom: ['type=registry,ref=$R/c'] },
  ],
  ['buildah bud --layers -t $R:$T -f F .', { tool: 'buildah', file: 'F', tags: ['$R:$T'] }],
  ['docker build $BUILD_ARGS -t a .', { unknown: ['$BUILD_ARGS'], context: '.' }],
  ['docker build --network host -t a .', { others: ['network'] }],
])('%s', (text, expected) => {
  expect(read(text)).toMatchObject(expected);
});

test.each([['docker ps'], ['buildah push a'], ['echo docker build .'], ['./docker-build.sh']])(
  '%s builds nothing',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);
