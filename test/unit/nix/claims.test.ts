import { expect, test } from 'vitest';
import { nixClaims } from '../../../source/core/nix/claims.ts';
import { atticDrift } from '../../../source/core/nix/drift.ts';
import { filesOf } from '../filesOf.ts';

const main = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const other = `main:${Buffer.alloc(32, 7).toString('base64')}`;
const nixos = 'cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=';
const url = 'https://nix-cache.example.dev/main';

/** `file:line state setting value` of each claim, whose value must stand at its line and column. */
function shown(all: Record<string, string>) {
  const { substituters, keys } = nixClaims(filesOf(all));
  const show = (one: (typeof substituters)[number]) => {
    const line = all[one.file]?.split('\n')[one.line - 1] ?? '';
    expect(line.slice(one.column - 1, one.column - 1 + one.value.length)).toBe(one.value);
    return `${one.file}:${one.line} ${one.state} ${one.setting ?? '-'} ${one.value}`;
  };
  return { substituters: substituters.map(show), keys: keys.map(show) };
}

const flake = `{
  description = "a checker; substituters = none here";
  nixConfig = {
    extra-substituters = [
      "https://cache.nixos.org"
      "${url}" # our own
      # "https://nix-cache.example.dev/old"
    ];
    extra-trusted-public-keys = [
      "${nixos}"
      # Get the key with "attic cache info", then:
      # "main:REPLACE_WITH_PUBLIC_KEY"
    ];
  };
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
}
`;

test('a flake with a commented key', () => {
  expect(shown({ 'flake.nix': flake })).toEqual({
    substituters: [
      'flake.nix:5 active extra-substituters https://cache.nixos.org',
      `flake.nix:6 active extra-substituters ${url}`,
      'flake.nix:7 commented extra-substituters https://nix-cache.example.dev/old',
    ],
    keys: [
      `flake.nix:10 active extra-trusted-public-keys ${nixos}`,
      'flake.nix:12 commented extra-trusted-public-keys main:REPLACE_WITH_PUBLIC_KEY',
    ],
  });
  expect(nixClaims(filesOf({ 'flake.nix': flake })).keys.at(-1)?.problem).toBe(
    'what follows the colon is not base64',
  );
});

test('lists and strings, quoted and dotted names, block comments, whole settings commented out', () => {
  const text = `{
  nixConfig.extra-substituters = "https://a.example/x ${url}";
  nixConfig."trusted-public-keys" = [ "${nixos}" ];
  /* nixConfig.extra-trusted-public-keys = [ "${main}" ]; */
  # extra-substituters = [
  #   "https://b.example/y"
  # ];
  outputs = { self }: { x = "https://c.example"; };
}`;
  expect(shown({ 'flake.nix': text })).toEqual({
    substituters: [
      'flake.nix:2 active extra-substituters https://a.example/x',
      `flake.nix:2 active extra-substituters ${url}`,
      'flake.nix:6 commented extra-substituters https://b.example/y',
    ],
    keys: [
      `flake.nix:3 active trusted-public-keys ${nixos}`,
      `flake.nix:4 commented extra-trusted-public-keys ${main}`,
    ],
  });
});

test('nix.conf inside an indented string of a module', () => {
  const text = `{ nix.extraOptions = ''\n  extra-substituters = ${url}\n  # trusted-public-keys = ${main}\n''; }`;
  expect(shown({ 'nix/module.nix': text })).toEqual({
    substituters: [`nix/module.nix:2 active extra-substituters ${url}`],
    keys: [`nix/module.nix:3 commented trusted-public-keys ${main}`],
  });
});

test('CI YAML: nix.conf lines, NIX_CONFIG, options and what is commented out', () => {
  const text = `
.nix:
  variables:
    NIX_CONFIG: "extra-substituters = ${url}\\nextra-trusted-public-keys = ${main}"
  before_script:
    - echo "extra-substituters = ${url} https://a.example/x" >> /etc/nix/nix.conf
    # - echo "trusted-public-keys = ${nixos} ${other}" >> /etc/nix/nix.conf
    - |
      cat > ~/.config/nix/nix.conf <<EOF
      experimental-features = nix-command flakes
      trusted-public-keys = $ATTIC_PUBLIC_KEY
      EOF
  script:
    - nix build --option extra-substituters "${url} https://a.example/y" --option trusted-public-keys '${main}' .#x
    - nix build --extra-substituters ${url} --print-build-logs # --substituters https://b.example
`;
  expect(shown({ '.gitlab/ci/nix.yml': text })).toEqual({
    substituters: [
      `.gitlab/ci/nix.yml:4 active extra-substituters ${url}`,
      `.gitlab/ci/nix.yml:6 active extra-substituters ${url}`,
      '.gitlab/ci/nix.yml:6 active extra-substituters https://a.example/x',
      `.gitlab/ci/nix.yml:14 active extra-substituters ${url}`,
      '.gitlab/ci/nix.yml:14 active extra-substituters https://a.example/y',
      `.gitlab/ci/nix.yml:15 active extra-substituters ${url}`,
      '.gitlab/ci/nix.yml:15 commented substituters https://b.example',
    ],
    keys: [
      `.gitlab/ci/nix.yml:4 active extra-trusted-public-keys ${main}`,
      `.gitlab/ci/nix.yml:7 commented trusted-public-keys ${nixos}`,
      `.gitlab/ci/nix.yml:7 commented trusted-public-keys ${other}`,
      '.gitlab/ci/nix.yml:11 active trusted-public-keys $ATTIC_PUBLIC_KEY',
      `.gitlab/ci/nix.yml:14 active trusted-public-keys ${main}`,
    ],
  });
});

test('variables, logins and documents are mentions', () => {
  expect(
    shown({
      'README.md': `# Cache\nThe cache is [here](${url}), key \`${main}\`.\n\n    extra-substituters = ${url}\n\nsubstituters: a list. See https://github.com/zhaofengli/attic.`,
      '.gitlab-ci.yml':
        'variables:\n  ATTIC_SERVER: "https://nix-cache.example.dev"\nx:\n  script: attic login tinyland https://nix-cache.example.dev "$ATTIC_TOKEN"\n',
    }),
  ).toEqual({
    substituters: [
      '.gitlab-ci.yml:2 mentioned - https://nix-cache.example.dev',
      '.gitlab-ci.yml:4 mentioned - https://nix-cache.example.dev',
      `README.md:2 mentioned - ${url}`,
      `README.md:4 mentioned extra-substituters ${url}`,
    ],
    keys: [`README.md:2 mentioned - ${main}`],
  });
});

test('secrets in the files are not shown', () => {
  const secret = `main:${Buffer.alloc(64, 9).toString('base64')}`;
  const text = `extra-substituters = https://me:hunter2@nix-cache.example.dev/main\ntrusted-public-keys = ${secret}\n`;
  const claims = nixClaims(filesOf({ 'nix.conf': text }));
  expect(claims.substituters[0]?.value).toBe('https://[MASKED]@nix-cache.example.dev/main');
  expect(claims.keys[0]).toMatchObject({
    value: 'main:[MASKED]',
    problem: 'this is a secret key: 64 bytes, and a public key has 32',
  });
  expect(JSON.stringify(claims)).not.toContain('hunter2');
});

test('text that would steer the terminal is made safe, and long or binary files are passed over', () => {
  const { substituters } = nixClaims(
    filesOf({
      'nix.conf': 'substituters = https://a\u001b[31m.ex\u200bample\u202e/x\n',
      'big.yml': `substituters = https://b.example\n${'x'.repeat(400_000)}`,
      'data.txt': 'substituters = https://c.example\0',
      'node_modules/x/flake.nix': flake,
    }),
  );
  expect(substituters.map(({ value }) => value)).toEqual(['https://a.example/x']);
});

test('hostile text takes time that grows with its length', () => {
  const evil = [
    'A'.repeat(390_000),
    '#'.repeat(390_000),
    "''".repeat(190_000),
    '"'.repeat(390_000),
    '/*'.repeat(190_000),
    'attic login --a '.repeat(20_000),
    'substituters = '.repeat(20_000),
    'a:'.repeat(190_000),
  ];
  for (const text of evil) {
    expect(nixClaims(filesOf({ 'a.nix': text, 'a.yml': text, 'a.md': text })).keys).toEqual([]);
  }
});

test('no drift when the files trust the key and name the address', () => {
  const claims = nixClaims(
    filesOf({ 'nix.conf': `substituters = ${url}?priority=10\ntrusted-public-keys = ${nixos} ${main}\n` }),
  );
  expect(atticDrift(claims, main, url)).toEqual([]);
});

test('drift of keys', () => {
  const drift = (text: string, path = 'nix.conf') =>
    atticDrift(nixClaims(filesOf({ [path]: text })), main).map(({ code, text }) => `${code}: ${text}`);
  expect(drift('')).toEqual([`key-not-pinned: no file trusts the server's key ${main}`]);
  expect(drift(`# trusted-public-keys = ${main}`)).toEqual([
    "key-commented-out: nix.conf:1 has the server's key, commented out",
  ]);
  expect(drift(`trusted-public-keys = ${other}`)).toEqual([
    `key-not-pinned: no file trusts the server's key ${main}`,
    `key-differs: nix.conf:1 pins ${other}, the server signs with ${main}`,
  ]);
  expect(drift('trusted-public-keys = $KEY')).toEqual([
    'key-unknown: nix.conf:1 takes a key from $KEY, which the files do not tell',
  ]);
  expect(drift(`trusted-public-keys = ${main} main:TODO`)).toEqual([
    'key-invalid: nix.conf:1: main:TODO is no key: 3 bytes, and an Ed25519 key has 32',
  ]);
  expect(drift(`\nkey: ${other}`, 'README.md')).toEqual([
    `key-not-pinned: no file trusts the server's key ${main}`,
    `mention-differs: README.md:2 names ${other}, the server signs with ${main}`,
  ]);
});

test('drift of addresses', () => {
  const drift = (text: string) =>
    atticDrift(nixClaims(filesOf({ 'nix.conf': `trusted-public-keys = ${main}\n${text}` })), main, url).map(
      ({ code, text }) => `${code}: ${text}`,
    );
  expect(drift('')).toEqual([`address-not-set: no file names ${url} as a substituter`]);
  expect(drift(`# substituters = ${url}/`)).toEqual([
    "address-commented-out: nix.conf:2 has the cache's address, commented out",
  ]);
  expect(drift('substituters = http://nix-cache.example.dev/main')).toEqual([
    `address-not-set: no file names ${url} as a substituter`,
    `address-differs: nix.conf:2 names http://nix-cache.example.dev/main, the cache answers at ${url}`,
  ]);
});
