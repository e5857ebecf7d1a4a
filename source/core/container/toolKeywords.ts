import { stringify } from 'yaml';
import type { JobEdit } from '../ci/edit/model.ts';
import { flatItems, get, plain, textOf } from '../ci/yaml/node.ts';
import { dindServices, isDind } from './daemon.ts';
import type { ImageJob } from './imageJob.ts';
import type { Daemonless, LayerSettings } from './layerOption.ts';

/** The image, services and variables that a builder without a daemon needs. Those that are there stay. */
export function toolKeywords(job: ImageJob, option: Daemonless, { images }: LayerSettings): JobEdit[] {
  const { name, keywords } = job.job;
  const image = { kaniko: images.kaniko, 'buildkit-rootless': images.rootless, buildah: images.buildah }[
    option
  ];
  const present = get(keywords, 'image');
  const used = textOf(present) ?? textOf(get(present, 'name')) ?? '';
  const services = get(keywords, 'services');
  const isThere = repositoryOf(used) === repositoryOf(image) && /:v?\d/.test(used);
  const set = (path: readonly [string, ...string[]], yaml: string): JobEdit => ({
    kind: 'set',
    job: name,
    path,
    yaml,
  });
  const rest = flatItems(services).filter((service) => !isDind(service));
  const entrypoint = option === 'buildah' ? '' : '\nentrypoint: [""]';
  return [
    ...(isThere ? [] : [set(['image'], entrypoint === '' ? image : `name: ${image}${entrypoint}`)]),
    ...(dindServices(services).length > 0
      ? [set(['services'], rest.length === 0 ? '[]' : stringify(rest.map(plain), { lineWidth: 0 }).trimEnd())]
      : []),
    ...Object.entries(variables[option])
      .filter(([key]) => job.variables[key] === undefined)
      .map(([key, value]) => set(['variables', key], value)),
  ];
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
