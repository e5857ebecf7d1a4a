import { staticVariables } from '../ci/checks/shared.ts';
import type { CiFiles, Configuration, JobDefinition } from '../ci/model.ts';
import { type Daemon, daemonOf } from './daemon.ts';
import type { FlagValue } from './flags.ts';
import { elsewhere, type Obscure, obscureOf } from './obscure.ts';
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
  readonly problem?: Obscure;
}

/** The jobs of a configuration that build images. */
export function imageJobs(configuration: Configuration, files: CiFiles): ImageJob[] {
  return [...configuration.jobs.values()].flatMap((job) => {
    const items = scriptItems(job);
    const steps = stepsOf(items);
    const variables = staticVariables(configuration, job);
    const images = steps.flatMap((step) => (step.kind === 'build' ? [imageOf(step, step.spec, steps)] : []));
    const problem = obscureOf(steps, items) ?? elsewhere(steps, files);
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
