import { stringify } from 'yaml';
import type { JobEdit } from '../ci/edit/model.ts';
import { flatItems, get, plain, textOf } from '../ci/yaml/node.ts';
import { dindServices, isDind } from './daemon.ts';
import type { ImageJob } from './imageJob.ts';
import type { BuilderImages, Daemonless, LayerSettings } from './layerOption.ts';

/** The image, services and variables that a builder without a daemon needs. Those that are there stay. */
export function toolKeywords(job: ImageJob, option: Daemonless, { images }: LayerSettings): JobEdit[] {
  const { name, keywords } = job.job;
  const image = images[imageOf[option]];
  const used = usedImage(job);
  const services = get(keywords, 'services');
  const isThere = repositoryOf(used) === repositoryOf(image) && isPinned(used);
  const rest = flatItems(services).filter((service) => !isDind(service));
  const entrypoint = option === 'buildah' ? '' : '\nentrypoint: [""]';
  return [
    ...(isThere ? [] : [set(name, ['image'], entrypoint === '' ? image : `name: ${image}${entrypoint}`)]),
    ...(dindServices(services).length > 0
      ? [
          set(
            name,
            ['services'],
            rest.length === 0 ? '[]' : stringify(rest.map(plain), { lineWidth: 0 }).trimEnd(),
          ),
        ]
      : []),
    ...Object.entries(variables[option])
      .filter(([key]) => job.variables[key] === undefined)
      .map(([key, value]) => set(name, ['variables', key], value)),
  ];
}

/** The version of a builder that the job has already, where its tag moves; the rest of such a job works as it is. */
export function pinnedImage(job: ImageJob, option: Daemonless, { images }: LayerSettings): JobEdit[] {
  const { name, keywords } = job.job;
  const image = images[imageOf[option]];
  const used = usedImage(job);
  const isRootless = (tag: string): boolean => tag.endsWith('rootless');
  if (repositoryOf(used) !== repositoryOf(image) || isPinned(used) || isRootless(used) !== isRootless(image))
    return [];
  const present = get(keywords, 'image');
  const entrypoint = get(present, 'entrypoint');
  return present?.kind === 'mapping'
    ? [
        set(name, ['image', 'name'], image),
        // What the job inherits only as a whole has to be there as a whole.
        ...(entrypoint ? [set(name, ['image', 'entrypoint'], JSON.stringify(plain(entrypoint)))] : []),
      ]
    : [set(name, ['image'], image)];
}

const imageOf = {
  kaniko: 'kaniko',
  'buildkit-rootless': 'rootless',
  buildah: 'buildah',
} as const satisfies Readonly<Record<Daemonless, keyof BuilderImages>>;

function set(job: string, path: readonly [string, ...string[]], yaml: string): JobEdit {
  return { kind: 'set', job, path, yaml };
}

function usedImage({ job: { keywords } }: ImageJob): string {
  const present = get(keywords, 'image');
  return textOf(present) ?? textOf(get(present, 'name')) ?? '';
}

function isPinned(image: string): boolean {
  return /:v?\d|@sha256:/.test(image);
}

/** What each builder is told by variables: how to do without privileges, and with which format of images. */
const variables: Readonly<Record<Daemonless, Readonly<Record<string, string>>>> = {
  kaniko: {},
  'buildkit-rootless': { BUILDKITD_FLAGS: '--oci-worker-no-process-sandbox' },
  buildah: { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot', BUILDAH_FORMAT: 'docker' },
};

function repositoryOf(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
}
