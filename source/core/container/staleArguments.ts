import type { CiFiles, Place } from '../ci/model.ts';
import { instructionsOf, pathsOf } from './buildFile.ts';
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
