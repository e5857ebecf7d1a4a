import type { Cases } from './cases.ts';

const key = (letter: string) => `team:${letter.repeat(42)}A=`;
const nix = (letter: string) =>
  `a:\n  variables:\n    NIX_CONFIG: |\n      extra-trusted-public-keys = ${key(letter)}\n  script: ls\n`;

export const constantCases: Cases = {
  'constants-differ': {
    bad: nix('B'),
    line: 2,
    files: { 'flake.nix': `{\n  nixConfig.extra-trusted-public-keys = [ "${key('A')}" ];\n}\n` },
    good: [nix('A'), 'a:\n  script: ls\n'],
  },
  'bazelrc-private-address': {
    bad: 'a:\n  script: ls\n',
    line: 1,
    files: { '.bazelrc': 'build --remote_cache=grpc://100.77.196.50:9092\n' },
    good: [],
  },
};

const attic = (url: string) => `variables:\n  ATTIC_URL: ${url}\na:\n  script: ls\n`;

/** Other files that give a constant of the configuration, and at which line they differ from it, 0 where they do not. */
export const otherConstants: readonly (readonly [
  config: string,
  path: string,
  text: string,
  line: number,
])[] = [
  [attic('https://cache.dev'), 'README.md', '# Use\n\n    export ATTIC_URL=https://old.dev\n', 3],
  [attic('https://cache.dev'), 'docs/use.md', 'ATTIC_URL=https://cache.dev/\n', 0],
  [
    attic('https://cache.dev'),
    'docs/use.md',
    'ATTIC_URL=http://localhost:8080\nATTIC_URL=https://cache.example.com\n',
    0,
  ],
  [
    attic('https://cache.dev'),
    'run.sh',
    'ATTIC_URL="${ATTIC_URL:-https://x.dev}"\nOTHER_ATTIC_URL=https://x.dev\n',
    0,
  ],
  ['variables: { DB_PORT: 5432 }\na: { script: ls }\n', 'compose.yml', 'environment:\n  DB_PORT: 5433\n', 2],
  ['variables: { BAZEL_VERSION: 7.4.0 }\na: { script: ls }\n', '.bazelversion', '8.0.1\n', 1],
  ['variables: { NODE_VERSION: "22" }\na: { script: ls }\n', '.nvmrc', 'v22.12.0\n', 0],
];

/** .bazelrc files that keep a private address to those who ask for it. */
export const soundBazelrc: readonly string[] = [
  'build:remote --remote_cache=grpc://100.77.196.50:9092\n',
  '# build --remote_cache=grpc://100.77.196.50:9092\n',
  'build --remote_cache=grpcs://cache.example.com\n',
  'build --remote_cache=grpc://100.128.0.1:9092\n',
];
