import type { CiFiles, Place } from '../ci/model.ts';
import { loadYaml } from '../ci/yaml/load.ts';
import { get } from '../ci/yaml/node.ts';
import { specOf } from './builds.ts';
import { harmless } from './programs.ts';
import type { ScriptItem } from './script.ts';
import { placeOf, programOf, type Step } from './step.ts';

/** Why a job's builds cannot be read well enough to be changed. */
export interface Obscure {
  readonly because: string;
  readonly at: Place;
  /** What builds it, where a job’s line does not say what is built, or where the builder is another one. */
  readonly by?: 'bake' | 'compose' | 'nerdctl';
  /** The files that it names, and what they build, where they can be read. */
  readonly paths?: readonly string[];
  readonly services?: readonly string[];
}

/** Builds in loops, functions, behind other programs and in files of other tools, and scripts that are no shell. */
export function obscureOf(
  steps: readonly Step[],
  items: readonly ScriptItem[],
  files: CiFiles,
): Obscure | undefined {
  for (const step of steps) {
    const found = inShell(step) ?? inFile(step, files);
    if (found) return { ...found, at: placeOf(step) };
  }
  const broken = items.find(
    (item) => item.broken !== undefined && /\b(?:docker|podman|kaniko|buildah|buildctl)\b/.test(item.text),
  );
  return broken && { because: `the script cannot be read: ${broken.broken}`, at: broken.node.span };
}

type Found = Omit<Obscure, 'at'>;

function inShell(step: Step): Found | undefined {
  const { command, kind } = step;
  const loop = command.within.find((word) => /^(?:for|while|until|select)$/.test(word));
  if (kind === 'build' && loop !== undefined)
    return { because: `the image is built in a loop (\`${loop}\`): each turn would write the same cache` };
  if (kind === 'build' && command.within.includes('{'))
    return { because: 'the image is built in a function of the shell' };
  if (kind === 'build' || kind === 'message') return undefined;
  const program = programOf(step);
  if (command.words.slice(1).some((word) => runners.test(program) && buildWords.test(word.text)))
    return { because: `the image is built by a text that \`${program}\` is given` };
  // Others look for the words, or install what they name.
  if (harmless.has(program) && !runners.test(program)) return undefined;
  const isBehind = command.words.some(
    (_, index) => index > 0 && specOf({ ...command, words: command.words.slice(index) }) !== undefined,
  );
  return isBehind ? { because: `the build stands behind another program, \`${program}\`` } : undefined;
}

/** Programs that run what they are given. */
const runners = /^(?:ba|da|a|z|k)?sh$|^(?:env|eval|exec|ssh|su|sudo|timeout|xargs)$/;

function inFile(step: Step, files: CiFiles): Found | undefined {
  const words = step.command.words.map(({ text }) => text);
  const program = programOf(step);
  if (program === 'docker' && words[1] === 'buildx' && words[2] === 'bake')
    return {
      because:
        'docker buildx bake takes what it builds from a file of its own, and each target needs a cache of its own',
      by: 'bake',
    };
  const isCompose = program === 'docker-compose' || (program === 'docker' && words[1] === 'compose');
  if (isCompose && words.some((word) => word === 'build' || word === '--build')) {
    const { paths, services } = composed(words, files);
    return {
      because: `compose takes what it builds from a file of its own${paths ? ` (${paths.join(', ')})` : ''}, and there its cache has to be written`,
      by: 'compose',
      ...(paths ? { paths } : {}),
      ...(services.length > 0 ? { services } : {}),
    };
  }
  return program === 'nerdctl' && words.includes('build')
    ? { because: 'nerdctl builds it, whose builder is not known here', by: 'nerdctl' }
    : undefined;
}

const defaults = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

/** The files that a call of compose reads, and the services that they build. */
function composed(
  words: readonly string[],
  files: CiFiles,
): { readonly paths?: readonly string[]; readonly services: readonly string[] } {
  const named = words.flatMap((word, index) => {
    const next = words[index + 1];
    if (/^(?:-f|--file)$/.test(word) && next !== undefined) return [next];
    return /^--file=/.test(word) ? [word.slice('--file='.length)] : [];
  });
  const paths =
    named.length > 0 ? named : defaults.filter((path) => files.read(path) !== undefined).slice(0, 1);
  const services = paths.flatMap((path) => {
    const [document] = loadYaml(path, files.read(path.replace(/^\.\//, '')) ?? '').documents;
    const all = get(document, 'services');
    return all?.kind === 'mapping'
      ? [...all.entries].flatMap(([name, { value }]) => (get(value, 'build') ? [name] : []))
      : [];
  });
  const chosen = services.filter((service) => words.includes(service));
  return {
    ...(paths.length > 0 ? { paths } : {}),
    services: [...new Set(chosen.length > 0 ? chosen : services)],
  };
}

/** A command that builds an image, in a text of any kind. */
export const buildWords =
  /\b(?:docker|podman|nerdctl)\s+(?:buildx\s+|image\s+)?(?:build|bake)\b|\bdocker(?:-|\s+)compose\s[^\n;|&]{0,200}\bbuild\b|\/kaniko\/executor\b|\bbuildah\s+(?:build|bud)\b|\bbuildctl\b/;
