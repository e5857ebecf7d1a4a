import { builtNames, storePath } from '../../attic/storePath.ts';
import { between, type Random, word } from '../model/random.ts';
import { block, type Item, progress } from './items.ts';

const nixAlphabet = '0123456789abcdfghijklmnpqrsvwxyz';

function upstreamPath(random: Random, name: string): string {
  return `/nix/store/${word(random, 32, nixAlphabet)}-${name}`;
}

/** What Nix prints: from a trusted cache it copies, from one whose key it does not know it builds. */
export function nixBuild(isCached: boolean, cache: string, random: Random): Item[] {
  const upstream = ['glibc-2.40-66', 'python3-3.12.8', 'openssl-3.3.2', 'bash-5.2p37', 'libyaml-0.2.5'];
  const copy = (path: string, from: string): Item => ({
    text: `copying path '${path}' from '${from}'...`,
    weight: 6,
  });
  const items = upstream.map((name) => copy(upstreamPath(random, name), 'https://cache.nixos.org'));
  if (isCached) return [...items, ...builtNames.map((name) => copy(storePath(name), cache))];
  for (const name of builtNames) {
    const path = storePath(name);
    items.push(
      {
        text: `warning: ignoring substitute for '${path}' from '${cache}', as it's not signed by any of the keys in 'trusted-public-keys'`,
        isError: true,
        weight: 0.3,
      },
      { text: `building '${path}.drv'...`, weight: 4 },
      ...['unpackPhase', 'buildPhase', 'installPhase', 'pytestCheckPhase'].map((phase) => ({
        text: `${name.replace(/-[\d.b]+$/, '')}> Running phase: ${phase}`,
        weight: 30,
      })),
    );
  }
  return items;
}

/** Bazel's summary of what ran where. */
export function bazel(verb: string, isCached: boolean, random: Random): Item[] {
  const total = between(random, 196, 228);
  const internal = 61;
  const hits = isCached ? total - internal - 4 : 0;
  const processes = [
    ...(hits > 0 ? [`${hits} remote cache hit`] : []),
    `${internal} internal`,
    `${total - internal - hits} processwrapper-sandbox`,
  ];
  return [
    { text: 'Starting local Bazel server and connecting to it...', weight: 8 },
    { text: 'INFO: Analyzed 3 targets (94 packages loaded, 3021 targets configured).', weight: 20 },
    ...block(['INFO: Found 3 targets...', 'INFO: From Building wheels:'], isCached ? 12 : 90),
    {
      text: `INFO: Elapsed time: ${(isCached ? 48 : 380) + between(random, 0, 40)}.${between(random, 100, 999)}s`,
      weight: 0.1,
    },
    { text: `INFO: ${total} processes: ${processes.join(', ')}.`, weight: 0.1 },
    ...(verb === 'test'
      ? [{ text: '//:test_validate                                        PASSED in 2.1s', weight: 0.2 }]
      : []),
    {
      text: `INFO: Build completed successfully, ${total} total actions`,
      weight: 0.3,
    },
  ];
}

/** What `scripts/download-tools.sh` prints. */
export function downloads(platform: string, random: Random): Item[] {
  const releases = 'https://github.com';
  const tools = [
    ['hadolint', `${releases}/hadolint/hadolint/releases/download/v2.12.0/hadolint`],
    ['taplo.gz', `${releases}/tamasfe/taplo/releases/download/0.9.3/taplo-full`],
    ['shellcheck', `${releases}/koalaman/shellcheck/releases/download/v0.10.0/shellcheck`],
  ];
  return tools.flatMap(([name = '', url = '']): Item[] => [
    { text: `${name}: ${url}-${platform}`, weight: 4 },
    {
      text: progress([0, 11.4, 27.9, between(random, 40, 60), 78.2, 91.3, 100]),
      isError: true,
      weight: 40,
    },
  ]);
}

/** What `uv sync` prints without a cache. */
export function uvSync(random: Random): Item[] {
  const packages = ['mypy', 'ruff', 'bandit', 'pyinstaller', 'pyyaml', 'pytest', 'rich', 'stevedore'];
  return [
    { text: 'Using CPython 3.12.8 interpreter at: /usr/local/bin/python3', isError: true, weight: 1 },
    { text: 'Creating virtual environment at: .venv', isError: true, weight: 1 },
    { text: 'Resolved 41 packages in 512ms', isError: true, weight: 3 },
    ...packages.map((name) => ({
      text: `Downloading ${name} (${between(random, 1, 14)}.${between(random, 0, 9)}MiB)`,
      isError: true,
      weight: 3,
    })),
    {
      text: `Prepared 39 packages in ${between(random, 9, 24)}.${between(random, 10, 99)}s`,
      isError: true,
      weight: 1,
    },
    { text: 'Installed 39 packages in 214ms', isError: true, weight: 1 },
  ];
}
