import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { builderImages } from '../../source/core/container/layerOption.ts';
import { buildkitImage, importImage, kanikoImage, putBase } from './builderImages.ts';
import { fromDocker, fromKaniko, ofMachine, withoutTls } from './layersCases.ts';
import { type Engine, startEngine } from './layersEngine.ts';
import { expanded, predefined, runAsRunner } from './layersJob.ts';
import { type Bench, edited, expectImages, leave, pushTo, tryLayers, unedited } from './layersTrial.ts';
import { type ProjectRegistry, startProjectRegistry } from './projectRegistry.ts';

const folder = process.env.HUSKYCAT_TEST_ENGINE_FOLDER;
const buildkitd = process.env.HUSKYCAT_TEST_BUILDKITD;
const buildx = process.env.HUSKYCAT_TEST_BUILDX;
const kaniko = process.env.HUSKYCAT_TEST_KANIKO;
/** Of this network alone, and also to be reached from its containers. */
const address = '198.51.100.1';

/** Run by containerLayersDocker.test.ts, within a network of its own. */
describe.skipIf(!folder)('with a Docker engine', () => {
  let registry: ProjectRegistry;
  let mirror: ProjectRegistry;
  let engine: Engine;

  beforeAll(async () => {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
    registry = await startProjectRegistry('docker-registry', address);
    mirror = await startProjectRegistry('docker-registry', '127.0.0.1');
    await putBase(registry);
    engine = await startEngine(join(folder as string, 'engine'), {
      certificate: registry.certificate,
      mirror: mirror.behind,
    });
  });
  afterAll(async () => {
    await engine?.close();
    await mirror?.close();
    await registry?.close();
  });

  describe.skipIf(!buildkitd || !buildx)('the job for BuildKit beside a Docker engine', () => {
    beforeAll(() => {
      const name = `${new URL(mirror.behind).host}/${builderImages.buildkit}`;
      importImage(buildkitImage(buildkitd as string, registry.certificate), name, engine.socket);
      engine.docker('push', '--quiet', name);
      engine.docker('rmi', name);
    });
    // The service of a job ends with it, and so does what is in it.
    afterEach(() => clear(engine));

    const run: Bench['run'] = (job, push, where) => {
      const { DOCKER_HOST, DOCKER_TLS_CERTDIR } = job.variables;
      const hasTls = (DOCKER_HOST ?? DOCKER_TLS_CERTDIR) !== undefined && DOCKER_TLS_CERTDIR !== '';
      const {
        DOCKER_TLS_VERIFY: _,
        DOCKER_CERT_PATH: __,
        ...given
      } = expanded(job.variables, predefined(registry, push, join(where, 'project')));
      return runAsRunner(['busybox', 'sh'], job.script, {
        cwd: join(where, 'project'),
        env: dockerEnvironment(where, {
          ...given,
          SSL_CERT_FILE: registry.certificate,
          ...(hasTls
            ? { DOCKER_HOST: engine.tcp, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: engine.certificates }
            : { DOCKER_HOST: engine.socket }),
        }),
      });
    };

    const afresh: Bench['run'] = async (...args) => {
      clear(engine);
      return run(...args);
    };
    tryLayers('buildkit', [...fromDocker, withoutTls], () => ({ registry, run: afresh }));

    test.each(fromDocker)('$title: before the edit, under the same tags', async (one) => {
      const push = { ...pushTo(one, 'before', 'd'), ref: 'topic', isProtected: false };
      const left = await leave({ registry, run: afresh }, 'buildkit', one, unedited(one), push);
      expect(left.run.status, left.run.log).toBe(0);
      expectImages(one, 'buildkit', push.sha, left);
    });

    test.each(ofMachine)(
      '$title: a second job finds what the first left, and a third leaves no more',
      async (one) => {
        const home = mkdtempSync(join(tmpdir(), 'huskycat-home-'));
        try {
          const push = { ...pushTo(one, 'machine', 'e'), ref: 'topic', isProtected: false };
          const again: Bench['run'] = (job, pushed, where) => {
            symlinkSync(home, join(where, 'home'));
            return run(job, pushed, where);
          };
          const counts: number[] = [];
          for (const _ of ['first', 'second', 'third']) {
            const left = await leave(
              { registry, run: again },
              'buildkit',
              one,
              edited(one, 'buildkit'),
              push,
            );
            expect(left.run.status, left.run.log).toBe(0);
            expectImages(one, 'buildkit', push.sha, left);
            counts.push(engine.docker('ps', '-aq').trim().split('\n').length);
          }
          expect(counts).toEqual([1, 1, 1]);
        } finally {
          rmSync(home, { recursive: true, force: true });
        }
      },
    );
  });

  describe.skipIf(!kaniko)('the job for Kaniko', () => {
    beforeAll(() => {
      importImage(kanikoImage(kaniko as string, registry.certificate), builderImages.kaniko, engine.socket);
    });
    afterAll(() => clear(engine));

    const run: Bench['run'] = (job, push, where) => {
      const builds = '/builds/group/app';
      const variables = expanded(job.variables, predefined(registry, push, builds));
      const list = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
      writeFileSync(join(where, 'variables'), list.join(''));
      return runAsRunner(
        [
          ...[
            'docker',
            '--host',
            engine.socket,
            'run',
            '--rm',
            '--interactive',
            '--entrypoint',
            '',
            '--workdir',
            builds,
          ],
          ...['--volume', `${join(where, 'project')}:${builds}`],
          ...['--env-file', join(where, 'variables')],
          ...[builderImages.kaniko, 'sh'],
        ],
        job.script,
        { cwd: where, env: dockerEnvironment(where, {}) },
      );
    };
    tryLayers('kaniko', [...fromDocker, fromKaniko], () => ({ registry, run }));
  });
});

/** The home of a job's own, with the plugin where Docker looks for it. */
function dockerEnvironment(where: string, variables: Record<string, string>): Record<string, string> {
  const plugins = join(where, 'home/.docker/cli-plugins');
  mkdirSync(plugins, { recursive: true });
  const plugin = join(plugins, 'docker-buildx');
  if (buildx && !existsSync(plugin)) symlinkSync(buildx, plugin);
  return { ...variables, HOME: join(where, 'home'), PATH: process.env.PATH ?? '' };
}

/** Takes away containers and what they kept, and the images that were built. */
function clear({ docker }: Engine): void {
  const ids = docker('ps', '-aq').split('\n').filter(Boolean);
  if (ids.length > 0) docker('rm', '-fv', ...ids);
  docker('volume', 'prune', '--force');
}
