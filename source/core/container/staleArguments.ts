import type { CiFiles, Place } from '../ci/model.ts';
import type { ImageSpec } from './spec.ts';

/** An instruction of a build file whose layer would keep an older value. */
export interface StaleArgument {
  readonly because: string;
  readonly at?: Place;
}

/** Instructions, but for RUN, that put the value of a variable in its place. */
const expanding = /^(?:ADD|COPY|ENV|EXPOSE|LABEL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/;

/**
 * Why Buildah must not keep the layers of a build. It names the layer of a step by what is written there, with the names of build
 * arguments; their values count for RUN only (imagebuildah, `getCreatedBy`, in 1.27 to 1.43). What another instruction makes of
 * one would stay as an older build had it.
 */
export function staleArgument(spec: ImageSpec, files: CiFiles): StaleArgument | undefined {
  const given = spec.buildArgs.filter(({ text }) => !text.startsWith('BUILDKIT_INLINE_CACHE'));
  const paths = pathsOf(spec);
  const file = paths.find((path) => files.read(path) !== undefined);
  if (file === undefined)
    return given.length === 0
      ? undefined
      : {
          because: `${paths[0] ?? 'the build file'} cannot be read here, and Buildah’s layers are right only where RUN alone uses the build arguments`,
        };
  const all = instructionsOf(files.read(file) ?? '');
  const names = new Set(
    all.flatMap(({ word, rest }) =>
      word === 'ARG' ? [...rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)/g)].map(([, name]) => name) : [],
    ),
  );
  for (const { word, rest, line } of all) {
    if (!expanding.test(word)) continue;
    // What is copied counts by its content; only where it goes to is a text.
    const text = /^(?:ADD|COPY)$/.test(word) ? (/\S+$/.exec(rest)?.[0] ?? '') : rest;
    const name = [...text.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)]
      .map(([, one]) => one)
      .find((one) => names.has(one) && !/^(?:BUILD|TARGET)(?:ARCH|OS|PLATFORM|VARIANT)$/.test(one ?? ''));
    if (name !== undefined)
      return {
        because: `${word} uses the build argument ${name}: Buildah names layers by what is written, not by the value, and would keep an older one`,
        at: { file, line, column: 1 },
      };
  }
  return undefined;
}

/** Where the build file may lie, below the project. */
function pathsOf({ file, context, tool }: ImageSpec): string[] {
  const below = (text: string): string =>
    text.replace(/^\$(?:CI_PROJECT_DIR|\{CI_PROJECT_DIR\})(?:\/|$)/, '').replace(/^(?:\.\/)+|^\.$/, '');
  if (file) return [below(file.text)];
  const folder = below(context.text).replace(/\/$/, '');
  const names = tool === 'buildah' ? ['Containerfile', 'Dockerfile'] : ['Dockerfile'];
  return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
}

interface Instruction {
  readonly word: string;
  readonly rest: string;
  /** From 1. */
  readonly line: number;
}

/** The instructions of a build file, each on one line; comments are left out, also between lines that go on. */
function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  let open: { parts: string[]; line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(raw)) continue;
    const goesOn = /\\\s*$/.test(raw);
    open ??= { parts: [], line: index + 1 };
    open.parts.push(goesOn ? raw.replace(/\\\s*$/, ' ') : raw);
    if (goesOn) continue;
    const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/s.exec(open.parts.join('')) ?? [];
    found.push({ word: word.toUpperCase(), rest: rest.trim(), line: open.line });
    open = undefined;
  }
  return found;
}
