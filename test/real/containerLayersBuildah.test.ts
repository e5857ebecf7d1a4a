import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { putBase } from './builderImages.ts';
import { fromBuildah, fromDocker } from './layersCases.ts';
import { expanded, predefined, runAsRunner } from './layersJob.ts';
import { type Bench, tryLayers } from './layersTrial.ts';
import { type ProjectRegistry, startProjectRegistry } from './projectRegistry.ts';
import { needsProgram, wants } from './require.ts';

const named = wants('newer Buildah than the one on PATH', 'HUSKYCAT_TEST_BUILDAH');
const program = named ?? needsProgram('buildah');
const server = needsProgram('docker-registry');
const busybox = needsProgram('busybox');
const isRoot = process.getuid?.() === 0;

describe.skipIf(!program || !server || !busybox || !isRoot)(
  'the job that the task writes for Buildah',
  () => {
    let registry: ProjectRegistry;

    beforeAll(async () => {
      registry = await startProjectRegistry(server as string, '127.0.0.1');
      await putBase(registry);
    });
    afterAll(() => registry?.close());

    const run: Bench['run'] = (job, push, folder) => {
      const project = join(folder, 'project');
      const bin = join(folder, 'bin');
      const storage = join(folder, 'storage.conf');
      const containers = join(folder, 'containers.conf');
      mkdirSync(bin);
      writeFileSync(join(bin, 'buildah'), `#!/bin/sh\nexec '${program}' "$@"\n`, { mode: 0o755 });
      writeFileSync(
        storage,
        `[storage]\ndriver = "vfs"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/graph"\n`,
      );
      // Its own limits are higher than a container may allow.
      writeFileSync(containers, '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n');
      return runAsRunner(['bash'], job.script, {
        cwd: project,
        env: {
          // As its image has it.
          BUILDAH_ISOLATION: 'chroot',
          ...expanded(job.variables, predefined(registry, push, project)),
          HOME: join(folder, 'home'),
          PATH: `${bin}:${process.env.PATH}`,
          CONTAINERS_STORAGE_CONF: storage,
          CONTAINERS_CONF: containers,
          REGISTRY_AUTH_FILE: join(folder, 'auth.json'),
          SSL_CERT_FILE: registry.certificate,
        },
      });
    };

    tryLayers('buildah', [...fromDocker, fromBuildah], () => ({ registry, run }));
  },
);
