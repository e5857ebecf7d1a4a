import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage, putBase } from './builderImages.ts';
import { fromBuildah, fromDocker } from './layersCases.ts';
import { expanded, predefined, runAsRunner, writeFiles } from './layersJob.ts';
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

    test('a label that is made of an argument keeps an older value, which is why the task refuses it', async () => {
      const host = registry.host;
      const build = (title: string): string[] => [
        `buildah build --layers --build-arg TITLE=${title} -t ${title} .`,
        `buildah inspect --type image --format '{{println (index .Docker.Config.Labels "title")}}' ${title}`,
      ];
      const folder = mkdtempSync(join(tmpdir(), 'huskycat-job-'));
      try {
        writeFiles(join(folder, 'project'), {
          Containerfile: `FROM ${host}/${baseImage}:1\nARG TITLE\nLABEL title=$TITLE\n`,
        });
        const push = { project: 'group/app', ref: 'main', isProtected: true, sha: 'f'.repeat(40) };
        const login =
          'echo "$CI_REGISTRY_PASSWORD" | buildah login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"';
        const job = { name: 'build', script: [login, ...build('first'), ...build('second')], variables: {} };
        const { status, log } = await run(job, push, folder);
        expect(status, log).toBe(0);
        expect(log.match(/^first$/gm), log).toHaveLength(2);
        expect(log).not.toMatch(/^second$/m);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    // Each image takes it seconds.
    const cases = named ? fromDocker : fromDocker.slice(0, 2);
    tryLayers('buildah', [...cases, fromBuildah], () => ({ registry, run }));
  },
);
