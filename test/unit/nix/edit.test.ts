import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trustKey } from '../../../source/core/nix/edit.ts';
import { flake } from '../../../source/sandbox/checkout/files/flake.ts';
import { nixCi } from '../../../source/sandbox/checkout/files/nixCi.ts';

const url = 'https://nix-cache.example/main';
const key = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const old = 'main:AAAAqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const nixos = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=';
const wanted = { key, name: 'main', url };

function edited(text: string, kind: 'nix' | 'script' | 'document', documents = false): string {
  const result = trustKey(text, kind, wanted, { documents });
  if ('problem' in result) throw new Error(result.problem);
  const again = trustKey(result.text, kind, wanted, { documents });
  expect(again).toEqual({ text: result.text });
  return result.text;
}

const inList = (element: string): string => `{
  nixConfig = {
    extra-substituters = [ "${url}" ]; # ours
    extra-trusted-public-keys = [
      "${nixos}"  # the public cache
${element}    ];
  };
}`;

test.each([
  ['a placeholder', '      # "main:<PUBLIC KEY>"\n', `      "${key}"\n`],
  ['the key itself', `      #"${key}" # ask infra\n`, `      "${key}" # ask infra\n`],
  ['a word in its place', '      # "main:YOUR_KEY_HERE"\n', `      "${key}"\n`],
  ['a wrong key', `      "${old}" # theirs\n`, `      "${key}" # theirs\n`],
  ['nothing', '', `      "${key}"\n`],
  ['prose', '      # the key of main comes here\n', `      "${key}"\n      # the key of main comes here\n`],
])('a list of a flake with %s', (_title, before, after) => {
  expect(edited(inList(before), 'nix')).toBe(inList(after));
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  expect(edited(crlf(inList(before)), 'nix')).toBe(crlf(inList(after)));
});

const cache = `  extra-substituters = [ "${url}" ];\n`;

test.each([
  ['no setting of keys', cache, `${cache}  extra-trusted-public-keys = [ "${key}" ];\n`],
  [
    'a setting that is commented out',
    `${cache}  # extra-trusted-public-keys = [ "main:<KEY>" ];\n`,
    `${cache}  extra-trusted-public-keys = [ "${key}" ];\n`,
  ],
  [
    'one over several lines',
    `${cache}  # extra-trusted-public-keys = [\n  #   "${nixos}"\n  #   "main:KEY"\n  # ];\n`,
    `${cache}  extra-trusted-public-keys = [\n    "${nixos}"\n    "${key}"\n  ];\n`,
  ],
  [
    'an inline list',
    `${cache}  trusted-public-keys = [ "${nixos}" ];\n`,
    `${cache}  trusted-public-keys = [ "${nixos}" "${key}" ];\n`,
  ],
  [
    'an empty list',
    `${cache}  extra-trusted-public-keys = [ ];\n`,
    `${cache}  extra-trusted-public-keys = [ "${key}" ];\n`,
  ],
  [
    'a string of words',
    `${cache}  trusted-public-keys = "${nixos}";\n`,
    `${cache}  trusted-public-keys = "${nixos} ${key}";\n`,
  ],
  [
    'settings with a path, on one line',
    `nixConfig.extra-substituters = [ "${url}" ]; x = 1;`,
    `nixConfig.extra-substituters = [ "${url}" ]; nixConfig.extra-trusted-public-keys = [ "${key}" ]; x = 1;`,
  ],
])('a Nix file with %s', (_title, before, after) => {
  expect(edited(`{\n${before}}`, 'nix')).toBe(`{\n${after}}`);
});

test.each([
  ['names in its list', `{ ${cache} trusted-public-keys = [ ourKey ]; }`, 'expression'],
  ['an expression', `{ ${cache} trusted-public-keys = base ++ [ "${nixos}" ]; }`, 'expression'],
  ['two keys of the name', inList(`      "${old}"\n      "${key}"\n`), 'another key of the name main'],
])('a Nix file with %s is left, with what to write by hand', (_title, text, problem) => {
  expect(trustKey(text, 'nix', wanted)).toEqual({
    problem: expect.stringContaining(problem),
    paste: [`extra-trusted-public-keys = [ "${key}" ];`],
  });
});

const yaml = (keys: string): string => `.nix:
  variables:
    NIX_CONFIG: |
      experimental-features = nix-command flakes
      extra-substituters = ${url}
${keys}
job:
  script: [nix build]
`;

test.each([
  [
    'a placeholder',
    '      # extra-trusted-public-keys = main:<PUBLIC KEY OF THE CACHE>\n',
    `      extra-trusted-public-keys = ${key}\n`,
  ],
  [
    'both keys, and the comment at another depth',
    `    #   trusted-public-keys = ${nixos} main:KEY\n`,
    `      trusted-public-keys = ${nixos} ${key}\n`,
  ],
  [
    'another cache’s key in force',
    `      extra-trusted-public-keys = ${nixos}\n      # main:KEY is to come\n`,
    `      extra-trusted-public-keys = ${nixos} ${key}\n      # main:KEY is to come\n`,
  ],
  [
    'a wrong key and a remark',
    `      trusted-public-keys = ${old} ${nixos} # both\n`,
    `      trusted-public-keys = ${key} ${nixos} # both\n`,
  ],
])('a CI file with %s', (_title, before, after) => {
  expect(edited(yaml(before), 'script')).toBe(yaml(after));
});

test('a CI file without keys gets a line like that of the address, and every block its own', () => {
  const line = `      extra-trusted-public-keys = ${key}\n`;
  const bare = yaml('');
  const full = bare.replace(`${url}\n`, `${url}\n${line}`);
  expect(edited(`${bare}${bare}`, 'script')).toBe(`${full}${full}`);
  const echo = `  - echo "extra-substituters = ${url}" >> /etc/nix/nix.conf`;
  expect(edited(echo, 'script')).toBe(
    `${echo}\n  - echo "extra-trusted-public-keys = ${key}" >> /etc/nix/nix.conf`,
  );
  const hidden = `${echo}\n  # - echo 'extra-trusted-public-keys = main:KEY' >> /etc/nix/nix.conf\n`;
  expect(edited(hidden, 'script')).toBe(
    `${echo}\n  - echo 'extra-trusted-public-keys = ${key}' >> /etc/nix/nix.conf\n`,
  );
});

test.each([
  ['an option', `nix build --option extra-substituters ${url}`],
  ['a value of one line', `NIX_CONFIG: "extra-substituters = ${url}"`],
  ['a redirection that replaces', `echo "extra-substituters = ${url}" > nix.conf`],
  ['a variable', `extra-substituters = ${url}\nextra-trusted-public-keys = $ATTIC_KEY`],
])('a script with %s is left', (_title, text) => {
  expect(trustKey(text, 'script', wanted)).toMatchObject({
    problem: expect.any(String),
    paste: [`extra-trusted-public-keys = ${key}`],
  });
});

test('a wrong key is replaced in options and variables too, and in documents only when asked', () => {
  const text = `nix build --option extra-trusted-public-keys "${old} ${nixos}"\nATTIC_KEY: ${old}\n# was ${old}\n`;
  expect(edited(text, 'script')).toBe(text.replace(old, key).replace(`KEY: ${old}`, `KEY: ${key}`));
  const prose = `The key is \`${old}\`, of main.\n`;
  expect(edited(prose, 'document')).toBe(prose);
  expect(edited(prose, 'document', true)).toBe(prose.replace(old, key));
});

test('files that do not name the cache stay as they are', () => {
  const other = 'extra-substituters = https://other.example/main\n';
  expect(edited(other, 'script')).toBe(other);
  expect(edited('{ outputs = _: { }; }', 'nix')).toBe('{ outputs = _: { }; }');
  const idle = `# extra-substituters = ${url}\n# extra-trusted-public-keys = main:KEY\n`;
  expect(edited(idle, 'script')).toBe(idle);
});

test('the files of the embedded world change in one line each', () => {
  const server = 'https://nix-cache.example';
  for (const [text, kind, placeholder] of [
    [flake(server), 'nix', '# "main:<PUBLIC KEY OF THE CACHE>"'],
    [nixCi(server), 'script', '# extra-trusted-public-keys = main:<PUBLIC KEY OF THE CACHE>'],
  ] as const) {
    const instead = placeholder.slice(2).replace(/main:<[^>]*>/, key);
    expect(edited(text, kind)).toBe(text.replace(placeholder, instead));
  }
});

test('whatever a file holds, an edit changes nothing but lines of keys, or is refused', () => {
  const piece = fc.constantFrom(
    ...['\n', ' ', '  ', '#', '"', "''", '[', ']', '{', '}', ';', '=', '- ', 'x', '$K', '\r\n', '/*', '*/'],
    ...['extra-substituters', 'trusted-public-keys', url, key, old, nixos, 'main:<A B>', 'echo "', ' >> f'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom('nix', 'script'), (pieces, kind) => {
      const text = pieces.join('');
      const result = trustKey(text, kind as 'nix' | 'script', wanted);
      if ('problem' in result) return;
      const rest = (all: string): string[] =>
        all.split(/\r?\n/).filter((line) => !/main:|public-keys/.test(line));
      expect(rest(result.text)).toEqual(rest(text));
    }),
    { numRuns: 500 },
  );
});
