import { staticVariables } from '../ci/checks/shared.ts';
import type { CiFiles, Configuration, JobDefinition } from '../ci/model.ts';
import { type Daemon, daemonOf } from './daemon.ts';
import { elsewhere } from './elsewhere.ts';
import type { FlagValue } from './flags.ts';
import { imageName } from './imageName.ts';
import { type LocalUse, localUse } from './localUse.ts';
import { type Obscure, obscureOf } from './obscure.ts';
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
  /** What needs the image on the machine after the build; undefined where nothing does. */
  readonly use?: LocalUse;
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
    const daemon = daemonOf(job, steps, variables);
    const images = steps.flatMap((step) =>
      step.kind === 'build' ? [imageOf(step, step.spec, steps, daemon)] : [],
    );
    const problem = obscureOf(steps, items, files) ?? elsewhere(steps, files);
    if (images.length === 0 && problem === undefined) return [];
    return [
      {
        job,
        items,
        steps,
        images,
        variables,
        daemon,
        ...(problem ? { problem } : {}),
      },
    ];
  });
}

function imageOf(step: Step, spec: ImageSpec, steps: readonly Step[], daemon: Daemon): JobImage {
  const later = steps.slice(steps.indexOf(step) + 1);
  if (spec.pushes) {
    const use = localUse({ spec, steps, later, daemon, tags: spec.tags, pushed: spec.tags });
    return { step, spec, pushed: spec.tags, carriers: [], ...(use ? { use } : {}) };
  }
  const own = new Map(spec.tags.map((tag) => [imageName(tag), tag] as const));
  const pushed: FlagValue[] = [];
  const carriers: Step[] = [];
  let isJoined = true;
  let apart: Step | undefined;
  for (const one of later) {
    // Another build of the same name, whatever became of this one: what follows is about that.
    if (one.kind === 'build' && one.command.before !== '||' && one.command.within.length === 0)
      for (const tag of one.spec.tags) own.delete(imageName(tag));
    const isPush = one.kind === 'push' && one.image !== undefined && own.has(imageName(one.image));
    const isTag = one.kind === 'tag' && own.has(imageName(one.from));
    if (isPush && one.kind === 'push' && one.image) pushed.push(one.image);
    if (isTag && one.kind === 'tag') own.set(imageName(one.to), one.to);
    if (isPush || isTag) {
      carriers.push(one);
      if (!isJoined || !isAlike(one, step)) apart ??= one;
    } else if (!['message', 'push', 'tag', 'login'].includes(one.kind)) isJoined = false;
  }
  const use = localUse({ spec, steps, later, daemon, tags: [...own.values()], pushed, apart });
  return { step, spec, pushed, carriers: use ? [] : carriers, ...(use ? { use } : {}) };
}

/** Under the same conditions: then the one ends with the other. */
function isAlike({ command: a }: Step, { command: b }: Step): boolean {
  const isOpen = ({ before, after }: Step['command']): boolean => /\|/.test(before) || /\|/.test(after);
  return a.within.length === 0 && b.within.length === 0 && !isOpen(a) && !isOpen(b) && b.after !== '&';
}
