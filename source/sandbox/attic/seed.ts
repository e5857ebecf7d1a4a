import { createHash } from 'node:crypto';
import { nixBase32 } from './base32.ts';
import { type AtticState, type Cache, sha256 } from './caches.ts';
import { narOf, type StoreFile } from './nar.ts';
import { addPath, compression } from './upload.ts';

interface Seed {
  readonly name: string;
  readonly file: (path: (name: string) => string) => StoreFile;
  /** Names of earlier seeds, or its own. */
  readonly references?: readonly string[];
}

/** What a build of HuskyCat would have pushed: a configuration, a launcher that uses it, a larger set of rules. */
const seeds: readonly Seed[] = [
  {
    name: 'huskycat-config-2.0.0',
    file: () => ({
      kind: 'directory',
      entries: {
        etc: {
          kind: 'directory',
          entries: { 'huskycat.toml': { kind: 'file', content: '[validation]\nparallel = true\n' } },
        },
      },
    }),
  },
  {
    name: 'huskycat-rules-2.0.0',
    file: () => ({ kind: 'file', content: ruleList() }),
  },
  {
    name: 'huskycat-2.0.0',
    references: ['huskycat-config-2.0.0', 'huskycat-rules-2.0.0'],
    file: (path) => ({
      kind: 'directory',
      entries: {
        bin: {
          kind: 'directory',
          entries: {
            huskycat: {
              kind: 'file',
              executable: true,
              content: `#!/bin/sh\nexec cat ${path('huskycat-config-2.0.0')}/etc/huskycat.toml "$@"\n`,
            },
            husky: { kind: 'symlink', target: 'huskycat' },
          },
        },
        share: {
          kind: 'directory',
          entries: { rules: { kind: 'symlink', target: path('huskycat-rules-2.0.0') } },
        },
      },
    }),
  },
];

/** Puts the seeds into the caches; answers with their store paths, the last of which refers to the others. */
export function seedCaches(state: AtticState, caches: readonly Cache[]): string[] {
  return seeds.map(({ name, file, references = [] }) => {
    const nar = narOf(file(storePath));
    const object = {
      hash: hashPart(name),
      storePath: storePath(name),
      narHash: sha256(nar),
      narSize: nar.length,
      compression,
      references: references.map((one) => `${hashPart(one)}-${one}`).sort(),
    };
    for (const cache of caches) addPath(state, cache, object, nar);
    return object.storePath;
  });
}

/** Input-addressed: the hash stands for how it was built, so only a signature vouches for the content. */
function storePath(name: string): string {
  return `/nix/store/${hashPart(name)}-${name}`;
}

/** 160 bits: SHA-256 folded, over what Nix hashes for the output of a derivation. */
function hashPart(name: string): string {
  const derivation = createHash('sha256').update(name).digest('hex');
  const full = createHash('sha256').update(`output:out:sha256:${derivation}:/nix/store:${name}`).digest();
  const folded = new Uint8Array(20);
  for (const [index, byte] of full.entries()) folded[index % 20] = (folded[index % 20] ?? 0) ^ byte;
  return nixBase32(folded);
}

/** Some 100 KB, so that the NAR is one of many chunks. */
function ruleList(): string {
  const rule = (index: number): string =>
    `HC${String(index).padStart(4, '0')} ${sha256(Buffer.from(`rule ${index}`))}\n`;
  return Array.from({ length: 1_400 }, (_, index) => rule(index)).join('');
}
