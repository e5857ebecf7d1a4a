import { type AtticState, type Cache, sha256 } from './caches.ts';
import { narOf, type StoreFile } from './nar.ts';
import { builtNames, hashPart, storePath } from './storePath.ts';
import { addPath, compression } from './upload.ts';

const [pyyaml, hatchling, huskycat] = builtNames;

type BuiltName = (typeof builtNames)[number];

interface Seed {
  readonly file: StoreFile;
  readonly references: readonly string[];
}

function directory(entries: Readonly<Record<string, StoreFile>>): StoreFile {
  return { kind: 'directory', entries };
}

function file(content: string, executable = false): StoreFile {
  return { kind: 'file', content, executable };
}

/** Small stand-ins with the shape of what Nix builds: a library, one of some 100 KB, a program that refers to both. */
const seeds: Readonly<Record<BuiltName, Seed>> = {
  [pyyaml]: {
    references: [],
    file: directory({
      lib: directory({ yaml: directory({ '__init__.py': file("__version__ = '6.0.2'\n") }) }),
    }),
  },
  [hatchling]: { references: [], file: directory({ lib: directory({ RECORD: file(recordText()) }) }) },
  [huskycat]: {
    references: [pyyaml, hatchling],
    file: directory({
      bin: directory({
        huskycat: file(
          `#!/bin/sh\nPYTHONPATH=${storePath(pyyaml)}/lib exec python3 -m huskycat "$@"\n`,
          true,
        ),
        husky: { kind: 'symlink', target: 'huskycat' },
      }),
      lib: directory({ hatchling: { kind: 'symlink', target: `${storePath(hatchling)}/lib` } }),
    }),
  },
};

/** Puts what the pipelines build into the caches; answers with the store paths. */
export function seedCaches(state: AtticState, caches: readonly Cache[]): string[] {
  return builtNames.map((name) => {
    const { file: root, references } = seeds[name];
    const nar = narOf(root);
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

/** Long enough that the NAR is one of many chunks. */
function recordText(): string {
  const line = (index: number): string =>
    `hatchling/module_${index}.py,sha256=${sha256(Buffer.from(`module ${index}`))},${400 + index}\n`;
  return Array.from({ length: 1_200 }, (_, index) => line(index)).join('');
}
