import type { CiFiles } from '../ci/model.ts';
import { instructionsOf, pathsOf } from './buildFile.ts';
import type { ImageJob, JobImage } from './imageJob.ts';
import { imageName } from './imageName.ts';
import type { Step } from './step.ts';

/** A build from an image that only the daemon holds. */
export interface Chained {
  readonly because: string;
  readonly step: Step;
}

/**
 * A build from an image that an earlier line builds or pulls and no registry has by then. Builders with a store of their own,
 * as `docker-container` and those without a daemon have one, look for it in a registry and do not find it.
 */
export function chained({ images, steps }: ImageJob, files: CiFiles): Chained | undefined {
  for (const image of images) {
    const read = basesOf(image, files);
    const at = steps.indexOf(image.step);
    for (const earlier of images.slice(0, images.indexOf(image)))
      for (const tag of namesOf(earlier, steps.slice(0, at))) {
        const base = read.find((one) => one === imageName(tag));
        if (base === undefined || isPushedBefore(earlier, imageName(tag), steps.slice(0, at))) continue;
        return {
          because: `it is made from ${tag.raw}, which an earlier line builds and only the daemon holds: push that first`,
          step: image.step,
        };
      }
  }
  return undefined;
}

/** All names that an image has before a step. */
function namesOf({ spec }: JobImage, before: readonly Step[]): readonly { raw: string; text: string }[] {
  const names = new Map(spec.tags.map((tag) => [imageName(tag), tag]));
  for (const step of before)
    if (step.kind === 'tag' && names.has(imageName(step.from))) names.set(imageName(step.to), step.to);
  return [...names.values()];
}

function isPushedBefore(
  { spec, carriers, pushed }: JobImage,
  name: string,
  before: readonly Step[],
): boolean {
  const isJoined = spec.pushes || carriers.length > 0;
  return (
    (isJoined && pushed.some((tag) => imageName(tag) === name)) ||
    before.some((step) => step.kind === 'push' && step.image && imageName(step.image) === name)
  );
}

/** Images that a build may begin with, as its build file and its arguments name them. */
function basesOf({ spec }: JobImage, files: CiFiles): string[] {
  const given = spec.buildArgs.map(({ text }) => text.slice(text.indexOf('=') + 1));
  const contexts = spec.others.flatMap(({ name, value }) =>
    name === 'build-context' && value ? [value.text.replace(/^[^=]*=docker-image:\/\//, '')] : [],
  );
  const text = pathsOf(spec)
    .map((path) => files.read(path))
    .find((one) => one !== undefined);
  const written = instructionsOf(text ?? '').flatMap(({ word, rest }) => {
    if (word === 'FROM') return [rest.replace(/^(?:--\S+\s+)*/, '').split(/\s+/)[0] ?? ''];
    if (word === 'ARG') return [...rest.matchAll(/=["']?([^\s"']+)/g)].map(([, value]) => value ?? '');
    return word === 'COPY' ? [/--from=(\S+)/.exec(rest)?.[1] ?? ''] : [];
  });
  return [...given, ...contexts, ...written].filter(Boolean).map((one) => imageName({ text: one }));
}
