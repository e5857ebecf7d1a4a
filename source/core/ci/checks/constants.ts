import { bazelClaims } from '../../bazel/claims.ts';
import { nixClaims } from '../../nix/claims.ts';
import type { Place } from '../model.ts';
import { namedConstants } from './namedConstants.ts';
import type { Found, Rule } from './rule.ts';

interface Value extends Place {
  /** What should be one: the name of a key, a host. */
  readonly name: string;
  readonly value: string;
}

export const constantsDiffer: Rule = {
  id: 'constants-differ',
  severity: 'warning',
  summary:
    'One public key, one cache’s address, one variable’s address or port, one tool’s version, with different values in several files.',
  why: 'One of them is old: with a wrong key Nix builds everything itself, at a wrong address nothing answers.',
  fix: { text: 'Ask the server (attic cache info NAME), and write the same value in every place.' },
  *check(input) {
    const { files } = input;
    const { keys, substituters } = nixClaims(files);
    yield* different(
      keys.flatMap(({ key, ...claim }) =>
        key && !claim.isReference
          ? [{ ...place(claim), name: `the public key ${key.name}`, value: claim.value }]
          : [],
      ),
    );
    const addresses = [
      ...substituters.filter(({ isReference, state }) => !isReference && state !== 'commented'),
      ...bazelClaims(files).claims.flatMap(({ topic, isActive, value, ...claim }) =>
        topic === 'remote-cache' && isActive && value !== undefined ? [{ ...claim, value }] : [],
      ),
    ];
    yield* different(addresses.flatMap(endpoint));
    yield* namedConstants(input);
  },
};

function place({ file, line, column }: Place): Place {
  return { file, line, column };
}

/** The port that a scheme of a host is reached at; two schemes of one host may well have two ports. */
function endpoint(claim: Place & { readonly value: string }): Value[] {
  const [, scheme = '', host, port = ''] =
    /^([a-z]+):\/\/([\w.-]+)(?::(\d+))?(?:[/?]|$)/.exec(claim.value) ?? [];
  if (host === undefined || /^(?:localhost|127\.|0\.0\.0\.0)/.test(host)) return [];
  return [
    { ...place(claim), name: `the port of ${scheme}://${host}`, value: port === '' ? 'the default' : port },
  ];
}

/** The first place is taken as it is; each other value is a finding there, which names the first. */
function* different(values: readonly Value[]): Iterable<Found> {
  const first = new Map<string, Value>();
  for (const one of values) {
    const known = first.get(one.name);
    if (!known) first.set(one.name, one);
    else if (known.value !== one.value)
      yield {
        at: one,
        title: `${one.name} is another one in ${known.file}:${known.line}`,
        saw: `${one.value} here, ${known.value} there`,
      };
  }
}

const privateHost =
  /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+|[\w.-]+\.(?:ts\.net|internal|local|lan))(?::\d+)?(?:\/|$)/;

export const privateForEveryone: Rule = {
  id: 'bazelrc-private-address',
  severity: 'warning',
  summary: 'A `.bazelrc` that sends every build to an address of a private network.',
  why: 'Whoever is not in that network, and every runner outside of it, waits for timeouts or cannot build.',
  fix: {
    text: 'Put it under a config (build:remote --remote_cache=…) that CI and the team ask for by name.',
  },
  *check({ files }) {
    for (const { topic, isActive, isConditional, file, line, column, flag, value = '' } of bazelClaims(files)
      .claims)
      if (
        topic === 'remote-cache' &&
        isActive &&
        !isConditional &&
        /bazel(?:rc|\.rc)$/.test(file) &&
        privateHost.test(value)
      )
        yield {
          at: { file, line, column },
          title: `every build asks ${value}, which only one network reaches`,
          saw: `--${flag}=${value}`,
        };
  },
};
