import {
  builderImages,
  type LayerOption,
  type LayerSettings,
  layerOptions,
} from '../../core/container/layerOption.ts';
import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Choice, TaskSetting } from '../task.ts';
import type { Looked } from './look.ts';

const imageOf: Readonly<Record<LayerOption, keyof typeof builderImages>> = {
  buildkit: 'buildkit',
  kaniko: 'kaniko',
  'buildkit-rootless': 'rootless',
  buildah: 'buildah',
};

/** What may be set for a way, with what is proposed here. */
export function settingsOf({ jobs, repository }: Looked, option: LayerOption): readonly TaskSetting[] {
  const names = jobs.map(({ job }) => job.name);
  const hasTtl = option === 'kaniko' || option === 'buildah';
  return [
    {
      name: 'jobs',
      title: 'Only these image jobs, with commas between',
      value: 'all',
      because: names.length === 0 ? 'No job builds an image.' : `Image jobs: ${names.join(', ')}.`,
    },
    {
      name: 'cache-repository',
      title: 'Where the layers are kept, without a tag',
      value: repository,
      because: 'Next to the image, in the registry that the job can write to already.',
    },
    {
      name: 'builder-image',
      title: 'What builds, pinned to a version',
      value: builderImages[imageOf[option]],
      because: 'A tag that moves changes the build without a commit.',
    },
    ...(hasTtl
      ? [
          {
            name: 'cache-ttl',
            title: 'How old a layer may be',
            value: '168h',
            because: 'As planned: a week. Kaniko’s own default is two weeks.',
          },
        ]
      : []),
  ];
}

/** The settings as values. Throws `NeedsUser` for one that is none. */
export function wantedOf({ settings }: Pick<Choice, 'settings'>, option: LayerOption): LayerSettings {
  const image = settings['builder-image'];
  const ttl = settings['cache-ttl'] ?? '168h';
  if (image !== undefined && !/^[\w][\w./:@-]*$/.test(image))
    throw noSuch('builder-image', image, 'an image with its version');
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(ttl))
    throw noSuch('cache-ttl', ttl, 'a duration such as 168h');
  return {
    images: image === undefined ? builderImages : { ...builderImages, [imageOf[option]]: image },
    ttl,
  };
}

/** Where the layers go; undefined for next to the image. */
export function repositoryOf({ settings }: Pick<Choice, 'settings'>): string | undefined {
  const repository = settings['cache-repository'];
  if (repository === undefined) return undefined;
  if (!/^[\w$][\w$./{}:-]*$/.test(repository) || /:[^/]*$/.test(repository.replace(/^[\w.-]+:\d+(?=\/)/, '')))
    throw noSuch('cache-repository', repository, 'a repository without a tag: $CI_REGISTRY_IMAGE/cache');
  return repository;
}

/** Names of the jobs that are to change. */
export function selectedOf(
  { settings }: Pick<Choice, 'settings'>,
  { jobs }: Pick<Looked, 'jobs'>,
): ReadonlySet<string> {
  const names = jobs.map(({ job }) => job.name);
  const given = settings.jobs ?? 'all';
  if (given === 'all') return new Set(names);
  const listed = given
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  for (const name of listed)
    if (!names.includes(name))
      throw noSuch('jobs', name, `one of ${names.join(', ') || 'none: no job builds an image'}`);
  return new Set(listed);
}

/** The way that was chosen, where there is one of that name. */
export function optionOf({ option }: Pick<Choice, 'option'>): LayerOption | undefined {
  return layerOptions.find((name) => name === option);
}

function noSuch(name: string, value: string, wanted: string): NeedsUser {
  return new NeedsUser({
    tried: `take ${name}=${plain(value, 80)}`,
    saw: `it is not ${wanted}`,
    next: [`--set ${name}=…, ${wanted}`],
    code: 'no-such-setting',
  });
}
