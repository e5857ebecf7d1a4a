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

/** .bazelrc files that keep a private address to those who ask for it. */
export const soundBazelrc: readonly string[] = [
  'build:remote --remote_cache=grpc://100.77.196.50:9092\n',
  '# build --remote_cache=grpc://100.77.196.50:9092\n',
  'build --remote_cache=grpcs://cache.example.com\n',
  'build --remote_cache=grpc://100.128.0.1:9092\n',
];
