import { settle } from '../ci/checks/imageRefs.ts';
import type { Configuration } from '../ci/model.ts';
import { get } from '../ci/yaml/node.ts';
import type { FlagValue } from './flags.ts';
import type { ImageJob, JobImage } from './imageJob.ts';
import { usersOf } from './script.ts';

/** Where the layers of one image are kept, as a shell writes it. */
export interface CacheRefs {
  /** Without a tag: `$CI_REGISTRY_IMAGE/cache`. */
  readonly repository: string;
  /** With the tag that this pipeline's ref reads and writes. */
  readonly own: string;
  /** With the tag that the protected default branch writes, and all read. */
  readonly shared: string;
}

/**
 * The tag of a ref's cache. CI_COMMIT_REF_SLUG is a valid tag of at most 63 characters; since branches of different
 * names can have one slug, whether the ref is protected is a part of it: no other ref can write what the default branch reads.
 */
const ownTag = '$CI_COMMIT_REF_SLUG-$CI_COMMIT_REF_PROTECTED';

/** GitLab's slug of a ref: lower case, 63 characters, all but letters and digits replaced with `-`, none at the ends. */
function refSlug(ref: string): string {
  return ref
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}

export interface CacheNaming {
  readonly configuration: Configuration;
  readonly jobs: readonly ImageJob[];
  readonly defaultBranch: string;
  /** Of the setting; else it is next to the image. */
  readonly repository?: string;
}

/** The references for an image of a job. Images never share a tag: the last to end would win. */
export function cacheRefs(job: ImageJob, image: JobImage, naming: CacheNaming): CacheRefs {
  const base = naming.repository ?? repositoryBeside(job, image);
  const name = nameOf(job, image, naming);
  const repository = name === undefined ? base : `${base}/${name}`;
  const slug = refSlug(naming.defaultBranch);
  const branch = slug === naming.defaultBranch ? '$CI_DEFAULT_BRANCH' : slug;
  return { repository, own: `${repository}:${ownTag}`, shared: `${repository}:${branch}-true` };
}

/** `cache` in the registry variable that the job pushes with, where that is the project's registry. */
export function repositoryBeside({ variables }: ImageJob, { pushed, spec }: JobImage): string {
  for (const tag of [...pushed, ...spec.tags]) {
    const variable = /^(\$\w+|\$\{\w+\})(?=[:/])/.exec(tag.text)?.[1];
    if (variable === undefined) continue;
    const whole = settle(variable, variables).replace(/\$\{(\w+)\}/g, '$$$1');
    if (/^\$CI_REGISTRY_IMAGE(?:\/[\w./-]+)?$/.test(whole)) return `${variable}/cache`;
  }
  return '$CI_REGISTRY_IMAGE/cache';
}

/** What tells images of one configuration apart; undefined where there is one. */
function nameOf(job: ImageJob, image: JobImage, { configuration, jobs }: CacheNaming): string | undefined {
  const all = jobs.flatMap((one) => one.images.map((own) => ({ one, own })));
  const isShared = usersOf(configuration, image.step.item.node).length > 1;
  const isParallel = get(job.job.keywords, 'parallel') !== undefined;
  const number = job.images.length > 1 ? `-${job.images.indexOf(image) + 1}` : '';
  if (isShared || isParallel) return `$CI_JOB_NAME_SLUG${number}`;
  if (all.length === 1) return undefined;
  const key = identity(image);
  const first = all.find(({ own }) => identity(own) === key);
  const keys = new Set(all.map(({ own }) => identity(own)));
  if (keys.size === 1 || !first) return undefined;
  const index = first.one.images.length > 1 ? `-${first.one.images.indexOf(first.own) + 1}` : '';
  return `${refSlug(first.one.job.name)}${index}`;
}

/** Equal for builds of the same layers. */
function identity({ spec, step }: JobImage): string {
  const { file, context, target, platform, buildArgs } = spec;
  const text = (value: FlagValue | undefined): string => value?.text ?? '';
  const parts = [text(file), text(context), text(target), text(platform), ...buildArgs.map(text)];
  const isOpen = spec.unknown.length > 0 || parts.some((part) => part.includes('$'));
  return JSON.stringify(isOpen ? [parts, step.item.node.span.file, step.item.node.span.start] : parts);
}
