import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { downloadsOf } from '../../../source/core/lifetimes/downloads.ts';
import { shellCommands } from '../../../source/core/shell/read.ts';
import { staticText } from '../../../source/core/shell/word.ts';
import { change, diff, filesOf, namesOf, readingOf } from './world.ts';

const url = 'https://github.com/o/tool/releases/download/v1.2.3/tool.tar.gz';
const kept = (path = '.gitlab/ci') => `sh "\${CI_PROJECT_DIR:-.}/${path}/kept-download.sh"`;

/** By what is in the script: one line before, and after; undefined where it stays. */
const lines: Readonly<Record<string, readonly [before: string, after?: string]>> = {
  'into a file': [`curl -fsSL -o "dist/a b" ${url}`, `${kept()} ${url} "dist/a b"`],
  'into a file, flags behind': [`curl ${url} --output=x --retry 3 -fsSL`, `${kept()} ${url} x`],
  'flags with the output in one word': [`curl -fsSLo x ${url}`, `${kept()} ${url} x`],
  'under its own name': [`curl -fsSLO ${url}`, `${kept()} ${url} tool.tar.gz`],
  'into a pipe': [`curl -L ${url} | tar -xz -C /opt`, `${kept()} ${url} - | tar -xz -C /opt`],
  'into a redirection': [`curl -L ${url} > x`, `${kept()} ${url} - > x`],
  'a condition around it': [
    `test -x x || curl -fL ${url} -o x && chmod +x x`,
    `test -x x || ${kept()} ${url} x && chmod +x x`,
  ],
  'two on a line': [
    `curl -o a ${url}; curl -o b "https://dl.k8s.io/v1.30.0/bin/$ARCH/kubectl"`,
    `${kept()} ${url} a; ${kept()} "https://dl.k8s.io/v1.30.0/bin/$ARCH/kubectl" b`,
  ],
  'a variable that holds the address': ['curl -fL "$TOOL_URL" -o x', `${kept()} "$TOOL_URL" x`],
  'no version in the address': ['curl -fL https://example.org/install.sh | sh'],
  'a request with a header': [`curl -H "A: b" ${url} -o x`],
  'a request to GitLab': ['curl -fL "$CI_API_V4_URL/projects/1" -o x'],
  'an upload': [`curl -T x ${url}`],
  'a request with a body': [`curl -d a=b ${url}`],
  'a check of nothing': [`curl -k -fL ${url} -o x`],
  'several addresses': [`curl -O ${url} -O ${url}`],
  wget: [`wget -q ${url}`],
  'in a word of another command': [`echo "$(curl -fsSL ${url})"`],
  'in a comment': [`true # curl -fL ${url} -o x`],
  'a health check': ['curl -f http://localhost:8080/v1.2.3/health'],
};

const yamlForms: Readonly<Record<string, (line: string) => string>> = {
  'a block': (line) => `a:\n  script:\n    - |\n      # first\n      ${line}\n      true\n`,
  'double quotes': (line) => `a:\n  script:\n    - ${JSON.stringify(line)}\n`,
  'single quotes': (line) => `a:\n  script:\n    - '${line.replaceAll("'", "''")}'\n`,
};

test.each(Object.entries(lines))('%s', (_, [before, after]) => {
  for (const [form, write] of Object.entries(yamlForms)) {
    const text = write(before);
    const changed = change(['package-registry'], filesOf({ '.gitlab-ci.yml': text }));
    const expected = write(after ?? before);
    expect(`${form}\n${changed.text()}`).toBe(`${form}\n${expected}`);
    const script = changed.jobs().a?.script;
    execFileSync('sh', ['-n'], { input: `${[script].flat().join('\n')}\n` });
    expect(change(['package-registry'], changed.files).edits).toEqual([]);
  }
});

test('continued lines and loops of a script of the checkout, which other scripts call', () => {
  const script = `#!/bin/sh\nfetch() {\n  curl --fail --location \\\n    --output "$1" \\\n    "$url"\n}\nfor t in a b; do fetch "$t"; done\n`;
  const files = filesOf({
    '.gitlab-ci.yml': 'a:\n  script: sh ./scripts/get.sh x\n',
    'scripts/get.sh': script,
  });
  const changed = change(['package-registry'], files);
  expect(diff(script, changed.text('scripts/get.sh'))).toEqual([
    '-  curl --fail --location \\',
    '-    --output "$1" \\',
    '-    "$url"',
    `+  ${kept('scripts')} "$url" "$1"`,
  ]);
  execFileSync('sh', ['-n'], { input: changed.text('scripts/get.sh') });
  expect(changed.files.list()).toContain('scripts/kept-download.sh');
});

test('a script that jobs only copy stays', () => {
  const text = 'a:\n  script:\n    - cp scripts/get.sh public/\n';
  const script = `curl -fL ${url} -o x\n`;
  expect(
    change(['package-registry'], filesOf({ '.gitlab-ci.yml': text, 'scripts/get.sh': script })).edits,
  ).toEqual([]);
});

test.each([
  ['another job copies', 'b:\n  script: cp scripts/get.sh public\n', {}],
  ['an image has', '', { ContainerFile: 'COPY scripts/get.sh /\n' }],
])('a script that %s goes on as before where the other one is not', (_, text, more) => {
  const script = `#!/bin/sh\nf() {\n  curl -fL ${url} -o "$1"\n  curl -fL ${url} | tar -t > list\n  true && curl -o z ${url}\n  A=b curl -o z ${url}\n}\n`;
  const files = filesOf({
    '.gitlab-ci.yml': `a:\n  script: sh scripts/get.sh\n${text}`,
    'scripts/get.sh': script,
    ...more,
  });
  const changed = change(['package-registry'], files);
  const k = kept('scripts').replace(/^sh /, '');
  expect(changed.text('scripts/get.sh')).toBe(
    script
      .replace(
        `  curl -fL ${url} -o "$1"`,
        `  if [ -f ${k} ]; then\n    sh ${k} ${url} "$1"\n  else\n    curl -fL ${url} -o "$1"\n  fi`,
      )
      .replace(
        `  curl -fL ${url} | tar`,
        `  if [ -f ${k} ]; then\n    sh ${k} ${url} -\n  else\n    curl -fL ${url}\n  fi | tar`,
      )
      .replace(
        `true && curl -o z ${url}`,
        `true && if [ -f ${k} ]; then sh ${k} ${url} z; else curl -o z ${url}; fi`,
      ),
  );
  execFileSync('sh', ['-n'], { input: changed.text('scripts/get.sh') });
  expect(changed.proposals[0]?.notes.join()).toContain('used elsewhere');
  expect(change(['package-registry'], changed.files).edits).toEqual([]);
});

test('a template’s script is changed once, and named for each job that takes it', () => {
  const text = `.d:\n  script:\n    - curl -fL ${url} -o x\na:\n  extends: .d\nb:\n  extends: .d\n`;
  const changed = change(['package-registry'], filesOf({ '.gitlab-ci.yml': text }));
  expect(changed.proposals[0]?.jobs).toEqual(['a', 'b']);
  expect(diff(text, changed.text())).toHaveLength(2);
});

test('says which pins it saw, and why it leaves what it leaves', () => {
  const text = `a:\n  script:\n    - curl -fL ${url} -o x\n    - wget -q https://example.org/t-2.0.1.tgz\n    - >\n      curl -fL ${url}\n      -o y\nw:\n  tags: [windows]\n  script:\n    - curl -fL ${url} -o x\n`;
  const files = filesOf({ '.gitlab-ci.yml': text });
  const [proposal] = change(['package-registry'], files).proposals;
  expect(proposal?.because).toBe('tool 1.2.3 in a');
  expect(proposal?.notes.join('\n')).toMatch(/wget cannot store[\s\S]*folded text[\s\S]*another shell/);
});

test('here-documents, comments and quotes hide no command and show none', () => {
  const script = `cat <<'E' > x\ncurl -o a ${url}\nE\necho 'curl -o b ${url}' # curl\ncurl -o c "${url}"\n`;
  const found = downloadsOf(
    readingOf(
      filesOf({ '.gitlab-ci.yml': `a:\n  script:\n    - |\n${script.replace(/^(?=.)/gm, '      ')}` }),
    ).configuration,
    filesOf({ '.gitlab-ci.yml': `a:\n  script:\n    - |\n${script.replace(/^(?=.)/gm, '      ')}` }),
  );
  expect(found.map(({ url: one, at }) => [one, at.line])).toEqual([[url, 8]]);
});

test('reads any text, and words stand where they are said to', () => {
  const piece = fc.constantFrom(
    'curl',
    ' ',
    '\n',
    '"',
    "'",
    '$(',
    ')',
    '${a}',
    '|',
    '&&',
    ';',
    '\\',
    '#',
    '<<E',
    'E',
    '>',
    'x',
    'é',
    '`',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { words } of shellCommands(text) ?? [])
        for (const { raw, start, end } of words) {
          expect(text.slice(start, end)).toBe(raw);
          staticText(raw);
        }
    }),
  );
});

test.each([
  ['"$(', undefined],
  ['$((', undefined],
  ['"', 1],
  ['a ', 1],
  ['a;', 20_000],
  ['\\\n', 0],
  ["'", 1],
  ['<<E\n', undefined],
  ['> ', 0],
])(
  'a script of many %j is read in linear time, or not at all',
  (piece, count) => {
    expect(shellCommands(piece.repeat(20_000))?.length).toBe(count);
  },
  5_000,
);

/** Configurations as people write them, from parts. */
const cache = fc.record({
  key: fc.constantFrom('"$CI_JOB_NAME-x"', 'uv', '$CI_PIPELINE_ID', '"a-$CI_COMMIT_REF_SLUG"'),
  path: fc.constantFrom('.cache/uv', 'node_modules/', 'out', '.cache/bazel'),
  policy: fc.constantFrom('', '    policy: pull-push\n', '    policy: pull\n'),
});
const job = fc.record({
  cache: fc.option(cache),
  from: fc.constantFrom('own', 'extends', 'anchor', 'list', 'reference'),
  expire: fc.constantFrom('', '1 day', 'never', '2 weeks'),
  rules: fc.constantFrom('', '  rules: [{if: $CI_COMMIT_TAG}]\n'),
  script: fc.constantFrom('make', `curl -fL ${url} -o dist/tools/x`),
});

function written(jobs: readonly (typeof job extends fc.Arbitrary<infer J> ? J : never)[]): string {
  const head = `variables: {A: b}\n.t: &t\n  key: "$CI_JOB_NAME-t" # shared\n  paths: [.cache/uv]\n.e:\n  cache:\n    key: "$CI_JOB_NAME-e"\n    paths: [.cache/uv]\n`;
  return (
    head +
    jobs
      .map(({ cache: one, from, expire, rules, script }, index) => {
        const own = one ? `    key: ${one.key}\n    paths: [${one.path}]\n${one.policy}` : '';
        const caches = {
          own: own === '' ? '' : `  cache:\n${own}`,
          extends: '  extends: .e\n',
          anchor: '  cache: *t\n',
          list:
            own === ''
              ? ''
              : `  cache:\n    - ${own.trim().replace(/\n {4}/g, '\n      ')}\n    - key: z\n      paths: [z]\n`,
          reference: '  cache: !reference [.e, cache]\n',
        }[from];
        const artifacts =
          expire === '' ? '' : `  artifacts:\n    paths: [dist/tools]\n    expire_in: ${expire}\n`;
        return `download:${index}:\n${caches}${artifacts}${rules}  script:\n    - ${script}\n`;
      })
      .join('')
  );
}

test('whatever is changed: the same jobs for every event, only the keywords meant, and nothing left to do', () => {
  const names = ['expiry', 'keys', 'policy', 'package-registry', 'compression'] as const;
  const meant = new Set(['cache', 'artifacts', 'script']);
  fc.assert(
    fc.property(fc.array(job, { minLength: 1, maxLength: 4 }), fc.boolean(), (jobs, isLocked) => {
      const files = filesOf({ '.gitlab-ci.yml': written(jobs), ...(isLocked ? { 'uv.lock': '' } : {}) });
      const before = readingOf(files);
      expect(before.configuration.errors).toEqual([]);
      const changed = change(names, files);
      if ('refused' in changed) {
        expect(changed.paste.length).toBeGreaterThan(1);
        return;
      }
      expect(namesOf(changed.files)).toEqual(namesOf(files));
      const old = change([], files).jobs();
      for (const [name, keywords] of Object.entries(changed.jobs()))
        for (const [keyword, value] of Object.entries(keywords))
          if (!meant.has(keyword))
            expect([name, keyword, value]).toEqual([name, keyword, old[name]?.[keyword]]);
          else if (keyword === 'cache')
            expect([value].flat().map((one) => (one as { paths: unknown }).paths)).toEqual(
              [old[name]?.cache].flat().map((one) => (one as { paths: unknown }).paths),
            );
      expect(change(names, changed.files).edits).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
