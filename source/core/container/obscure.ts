import type { CiFiles, Place } from '../ci/model.ts';
import type { ScriptItem } from './script.ts';
import { placeOf, type Step } from './step.ts';

/** Why a job's builds cannot be read well enough to be changed. */
export interface Obscure {
  readonly because: string;
  readonly at: Place;
  /** What builds it takes its flags from a file of its own, and others with `--set`. */
  readonly isBake?: boolean;
}

/** Builds in loops, functions and files of other tools, and scripts that are no shell. */
export function obscureOf(steps: readonly Step[], items: readonly ScriptItem[]): Obscure | undefined {
  for (const step of steps) {
    const loop = step.command.within.find((word) => /^(?:for|while|until|select)$/.test(word));
    if (step.kind === 'build' && loop !== undefined)
      return {
        because: `the image is built in a loop (\`${loop}\`): each turn would write the same cache`,
        at: placeOf(step),
      };
    if (step.kind === 'build' && step.command.within.includes('{'))
      return { because: 'the image is built in a function of the shell', at: placeOf(step) };
    const [program, first, second] = step.command.words.map(({ text }) => text);
    const isBake = program === 'docker' && first === 'buildx' && second === 'bake';
    const isCompose =
      (program === 'docker' &&
        first === 'compose' &&
        step.command.words.some(({ text }) => text === 'build')) ||
      (program === 'docker-compose' && step.command.words.some(({ text }) => text === 'build'));
    if (isBake || isCompose)
      return {
        because: `${isBake ? 'docker buildx bake' : 'compose'} takes what it builds from a file of its own`,
        at: placeOf(step),
        ...(isBake ? { isBake } : {}),
      };
  }
  const broken = items.find(
    (item) => item.broken !== undefined && /\b(?:docker|kaniko|buildah|buildctl)\b/.test(item.text),
  );
  return broken && { because: `the script cannot be read: ${broken.broken}`, at: broken.node.span };
}

/** A command that builds an image, in a text of any kind. */
export const buildWords =
  /\bdocker\s+(?:buildx\s+)?(?:build|bake)\b|\/kaniko\/executor\b|\bbuildah\s+(?:build|bud)\b|\bbuildctl\b/;

/** A script file of the checkout that builds images. */
export function elsewhere(steps: readonly Step[], files: CiFiles): Obscure | undefined {
  for (const step of steps) {
    if (step.kind !== 'other') continue;
    for (const { text } of step.command.words.slice(0, 3)) {
      const path = text.replace(/^\.\//, '');
      if (!/^[\w@.][\w@./-]*$/.test(path) || path.includes('..')) continue;
      const isScript = /(?:\.(?:sh|bash)|^[\w./-]*\/[\w-]+)$/.test(path);
      const content = isScript ? files.read(path) : undefined;
      if (content !== undefined && buildWords.test(content))
        return { because: `${path} builds the image, and is a file of its own`, at: placeOf(step) };
    }
  }
  return undefined;
}
