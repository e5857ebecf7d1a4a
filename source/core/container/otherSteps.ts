import { type ImageJob, imageName } from './imageJob.ts';
import type { LayerOption } from './layerOption.ts';
import type { ScriptItem } from './script.ts';
import type { Step } from './step.ts';

/** Programs of busybox, and words of a shell, that the builders' images have. */
const common = new Set(
  `. : [ awk base64 basename break cat cd chmod continue cp cut date dirname echo env eval exit export false find grep gunzip
  gzip head local ls md5sum mkdir mktemp mv printf pwd read readonly return rm sed set sh sha256sum shift sleep sort source
  tail tar tee test touch tr trap true umask uniq unset unzip wc which xargs`.split(/\s+/),
);
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
    if (step.kind !== 'other') continue;
    const program = step.command.words[0]?.text;
    if (program === undefined || common.has(program) || more[option]?.has(program)) continue;
    return { because: `${said} needs a program that the builder’s image may not have`, step };
  }
  return undefined;
}
