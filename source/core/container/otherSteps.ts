import type { ImageJob } from './imageJob.ts';
import { imageName } from './imageName.ts';
import type { LayerOption } from './layerOption.ts';
import { common, programsOf } from './programs.ts';
import type { ScriptItem } from './script.ts';
import type { Step } from './step.ts';

const more: Partial<Record<LayerOption, ReadonlySet<string>>> = {
  'buildkit-rootless': new Set(['git', 'wget']),
  buildah: new Set(['bash', 'curl', 'dnf']),
};

/** Entries that only look at a daemon, wait for it, or set a builder up. */
export function needlessItems(job: ImageJob): ScriptItem[] {
  const { items, steps } = job;
  return items.filter((item) => {
    const own = steps.filter((step) => step.item === item);
    const isNeedless = (step: Step): boolean =>
      step.kind === 'daemon' || step.kind === 'builder' || isOldPull(step, job);
    return (
      own.some(isNeedless) &&
      own.every(
        (step) =>
          isNeedless(step) ||
          step.kind === 'message' ||
          /^(?:break|exit|seq|\[|test)$/.test(step.command.words[0]?.text ?? '') ||
          step.command.within.includes('for'),
      )
    );
  });
}

/** `docker pull` of an image only to read its layers. */
export function isOldPull(step: Step, { images }: Pick<ImageJob, 'images'>): boolean {
  return (
    step.kind === 'pull' &&
    images.some(({ spec }) => spec.cacheFrom.some((old) => imageName(old) === imageName(step.image)))
  );
}

/** The first thing that a builder without a daemon cannot do, or cannot be known to. */
export function unsayable(
  job: ImageJob,
  option: LayerOption,
): { readonly because: string; readonly step: Step } | undefined {
  const idle = needlessItems(job);
  const carriers = job.images.flatMap((image) => image.carriers);
  const tool = job.images[0]?.spec.tool ?? '';
  for (const step of job.steps) {
    if (idle.includes(step.item) || carriers.includes(step) || isOldPull(step, job)) continue;
    const said = `\`${step.command.words.map(({ raw }) => raw).join(' ')}\``;
    if (step.kind === 'build' && step.command.within.length > 0)
      return { because: 'the build stands within another command', step };
    if (step.kind === 'build' && /^\|/.test(step.command.after + step.command.before))
      return { because: 'something reads what the build prints, or runs when it fails', step };
    const isPlace = ['push', 'tag', 'pull'].includes(step.kind) && option !== 'buildah';
    if (step.kind === 'engine' || (isPlace && tool !== 'kaniko'))
      return { because: `${said} needs a daemon`, step };
    const [own, ...inner] = programsOf(step.command);
    const isOwn = step.kind === 'other' || step.kind === 'message';
    const missing = [...(own !== undefined && isOwn ? [own] : []), ...inner].find(
      (program) => !common.has(program) && !more[option]?.has(program),
    );
    if (missing !== undefined)
      return {
        because: `${said} needs ${missing === own ? 'a program' : missing} that the builder’s image may not have`,
        step,
      };
  }
  return undefined;
}
