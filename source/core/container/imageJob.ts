import { staticVariables } from '../ci/checks/shared.ts';
import type { CiFiles, Configuration, JobDefinition, Node, Place } from '../ci/model.ts';
import { flatItems, get, isNull, textOf } from '../ci/yaml/node.ts';
import type { FlagValue } from './flags.ts';
import { type ScriptItem, scriptItems } from './script.ts';
import type { ImageSpec } from './spec.ts';
import { type Step, stepsOf } from './step.ts';

/** One image that a job builds, and the commands that bring it to a registry. */
export interface JobImage {
  readonly step: Step;
  readonly spec: ImageSpec;
  /** Tags that the job pushes, as they are written. */
  readonly pushed: readonly FlagValue[];
  /** The `push` and `tag` commands of this image alone that a build could do by itself. */
  readonly carriers: readonly Step[];
  /** Something after the build needs the image on the machine: `docker run`, or a push that cannot be joined with the build. */
  readonly isUsedLocally: boolean;
}

/** A job that builds images, with all that a change of it has to keep. */
export interface ImageJob {
  readonly job: JobDefinition;
  readonly items: readonly ScriptItem[];
  readonly steps: readonly Step[];
  readonly images: readonly JobImage[];
  readonly variables: Readonly<Record<string, string>>;
  readonly daemon: Daemon;
  /** Why it cannot be read well enough to be changed. */
  readonly problem?: { readonly because: string; readonly at: Place };
}

/** How the job reaches a Docker daemon: a service beside it, with or without TLS, or one of the machine. */
export interface Daemon {
  readonly kind: 'service' | 'machine' | 'none';
  readonly hasTls: boolean;
}

/** The jobs of a configuration that build images. */
export function imageJobs(configuration: Configuration, files: CiFiles): ImageJob[] {
  return [...configuration.jobs.values()].flatMap((job) => {
    const items = scriptItems(job);
    const steps = stepsOf(items);
    const variables = staticVariables(configuration, job);
    const images = steps.flatMap((step) => (step.kind === 'build' ? [imageOf(step, step.spec, steps)] : []));
    const problem = problemOf(steps, items) ?? elsewhere(steps, files);
    if (images.length === 0 && problem === undefined) return [];
    return [
      {
        job,
        items,
        steps,
        images,
        variables,
        daemon: daemonOf(job, steps, variables),
        ...(problem ? { problem } : {}),
      },
    ];
  });
}

function imageOf(step: Step, spec: ImageSpec, steps: readonly Step[]): JobImage {
  const later = steps.slice(steps.indexOf(step) + 1);
  if (spec.pushes)
    return { step, spec, pushed: spec.tags, carriers: [], isUsedLocally: needs(later, spec.tags) };
  const names = new Map(spec.tags.map((tag) => [imageName(tag), tag] as const));
  const pushed: FlagValue[] = [];
  const carriers: Step[] = [];
  let isJoined = true;
  let isBroken = false;
  for (const one of later) {
    const isPush = one.kind === 'push' && one.image !== undefined && names.has(imageName(one.image));
    const isTag = one.kind === 'tag' && names.has(imageName(one.from));
    if (isPush && one.kind === 'push' && one.image) pushed.push(one.image);
    if (isTag && one.kind === 'tag') names.set(imageName(one.to), one.to);
    if (isPush || isTag) {
      carriers.push(one);
      isBroken ||= !isJoined || !isAlike(one, step);
    } else if (!['message', 'push', 'tag', 'login'].includes(one.kind)) isJoined = false;
  }
  const isUnclear = later.some((one) => one.kind === 'push' && !one.image);
  const isUsed = isBroken || isUnclear || needs(later, [...names.values()]);
  return {
    step,
    spec,
    pushed,
    carriers: isUsed ? [] : carriers,
    isUsedLocally: isUsed,
  };
}

/** Something later looks at the image in the daemon; where images are named by what only a shell knows, anything may. */
function needs(later: readonly Step[], tags: readonly FlagValue[]): boolean {
  return later.some(({ kind, command }) => {
    if (kind !== 'engine') return false;
    const isNamed = command.words.some(({ text }) => tags.some((tag) => text.includes(tag.text)));
    const isRun = ['run', 'create'].includes(command.words[1]?.text ?? '');
    return isNamed || !isRun || command.words.some(({ isPlain }) => !isPlain);
  });
}

/** Under the same conditions: then the one ends with the other. */
function isAlike({ command: a }: Step, { command: b }: Step): boolean {
  return a.within.length === 0 && b.within.length === 0 && !/\|/.test(a.before) && !/\|/.test(a.after);
}

/** `image` is `image:latest`. */
export function imageName({ text }: FlagValue): string {
  return /[:@][^/]*$/.test(text) || /\$\{?\w+\}?$/.test(text) ? text : `${text}:latest`;
}

function problemOf(steps: readonly Step[], items: readonly ScriptItem[]): ImageJob['problem'] {
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
      };
  }
  const broken = items.find(
    (item) => item.broken !== undefined && /\b(?:docker|kaniko|buildah|buildctl)\b/.test(item.text),
  );
  return broken && { because: `the script cannot be read: ${broken.broken}`, at: broken.node.span };
}

const buildWords =
  /\bdocker\s+(?:buildx\s+)?(?:build|bake)\b|\/kaniko\/executor\b|\bbuildah\s+(?:build|bud)\b|\bbuildctl\b/;

/** A script file of the checkout that builds images. */
function elsewhere(steps: readonly Step[], files: CiFiles): ImageJob['problem'] {
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

/** Where a command stands. */
export function placeOf({ item, command }: Pick<Step, 'item' | 'command'>): Place {
  const { file, line, column } = item.node.span;
  const before = item.text.slice(0, command.start).split('\n').length - 1;
  const isBlock = item.text.includes('\n');
  return { file, line: line + before + (isBlock ? 1 : 0), column };
}

function daemonOf(
  { keywords }: JobDefinition,
  steps: readonly Step[],
  variables: Readonly<Record<string, string>>,
): Daemon {
  const hasDind = dindServices(get(keywords, 'services')).length > 0;
  const host = variables.DOCKER_HOST ?? '';
  const hasTls =
    variables.DOCKER_TLS_CERTDIR !== '' && !/:2375\b/.test(host) && variables.DOCKER_TLS_VERIFY !== '';
  if (hasDind) return { kind: 'service', hasTls };
  const talks = steps.some(
    ({ kind, command }) => kind !== 'other' && command.words[0]?.text.endsWith('docker') === true,
  );
  return { kind: talks ? 'machine' : 'none', hasTls: talks && host.startsWith('tcp://') && hasTls };
}

/** The services that are Docker daemons. */
export function dindServices(services: Node | undefined): Node[] {
  if (isNull(services)) return [];
  return flatItems(services).filter((item) => isDind(item));
}

/** Whether a service is a Docker daemon; a variable in its tag is not looked into. */
export function isDind(item: Node): boolean {
  const name = textOf(item) ?? textOf(get(item, 'name')) ?? '';
  return /(?:^|\/)docker(?::[^@]*)?dind\b/.test(name) || textOf(get(item, 'alias')) === 'docker';
}
