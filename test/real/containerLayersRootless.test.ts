import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { putBase } from './builderImages.ts';
import { fromBuildctl, fromDocker } from './layersCases.ts';
import { expanded, predefined, runAsRunner, writeFiles } from './layersJob.ts';
import { type Bench, tryLayers } from './layersTrial.ts';
import { type ProjectRegistry, startProjectRegistry } from './projectRegistry.ts';
import { wants, wantsProgram } from './require.ts';

// Beside it lie buildctl and buildctl-daemonless.sh, as in its image.
const buildkitd = wants('buildkitd', 'HUSKYCAT_TEST_BUILDKITD');
const rootlesskit = wantsProgram('rootlesskit');
const server = wantsProgram('docker-registry');
const busybox = wantsProgram('busybox');
/** Who runs it: a user with subordinate ids. */
const user = existsSync('/etc/subuid')
  ? /^(\w[\w-]*):/m.exec(readFileSync('/etc/subuid', 'utf8'))?.[1]
  : undefined;
if (buildkitd && !user) process.stderr.write('skipped: /etc/subuid names no user\n');
const isRoot = process.getuid?.() === 0;

describe.skipIf(!buildkitd || !rootlesskit || !server || !busybox || !user || !isRoot)(
  'the job that the task writes for BuildKit without root',
  () => {
    let registry: ProjectRegistry;

    beforeAll(async () => {
      registry = await startProjectRegistry(server as string, '127.0.0.1');
      chmodSync(dirname(registry.certificate), 0o755);
      await putBase(registry);
    });
    afterAll(() => registry?.close());

    const run: Bench['run'] = async (job, push, folder) => {
      const project = join(folder, 'project');
      const bin = join(folder, 'bin');
      const runtime = join(folder, 'runtime');
      mkdirSync(bin);
      mkdirSync(runtime);
      for (const name of ['buildkitd', 'buildctl', 'buildctl-daemonless.sh'])
        symlinkSync(join(dirname(buildkitd as string), name), join(bin, name));
      symlinkSync('/usr/sbin/runc', join(bin, 'buildkit-runc'));
      writeFiles(join(folder, 'home'), {
        // What is at this address would be taken for a registry without TLS.
        '.config/buildkit/buildkitd.toml': `[registry."${registry.host}"]\nhttp = false\nca = ["${registry.certificate}"]\n`,
      });
      execFileSync('chown', ['-R', user as string, folder]);
      return runAsRunner(
        ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', 'busybox', 'sh'],
        job.script,
        {
          cwd: project,
          env: {
            ...expanded(job.variables, predefined(registry, push, project)),
            HOME: join(folder, 'home'),
            USER: user as string,
            SSL_CERT_FILE: registry.certificate,
            TMPDIR: runtime,
            XDG_RUNTIME_DIR: runtime,
            PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin`,
          },
        },
      );
    };

    tryLayers('buildkit-rootless', [...fromDocker, fromBuildctl], () => ({ registry, run }));
  },
);
