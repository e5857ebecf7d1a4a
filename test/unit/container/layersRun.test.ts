import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { flatItems, get, textOf } from '../../../source/core/ci/yaml/node.ts';
import type { LayerOption } from '../../../source/core/container/layerOption.ts';
import { change, setOf } from './layers.ts';

const home = mkdtempSync(join(tmpdir(), 'huskycat-layers-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const config = `build:
  image: docker:27
  services: [docker:27-dind]
  variables:
    DOCKER_TLS_CERTDIR: "/certs"
  before_script:
    - until docker info; do sleep 1; done
    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
  script:
    - |
      docker build --pull \\
        --build-arg "TITLE=a b" --build-arg VERSION=$CI_COMMIT_SHA \\
        --file ContainerFile \\
        -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-amd64" .
      docker tag "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-amd64" $CI_REGISTRY_IMAGE:latest
    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA-amd64"
    - docker push $CI_REGISTRY_IMAGE:latest
    - echo "TAG=$CI_COMMIT_SHA-amd64" > build.env
`;

const given = {
  CI_REGISTRY: 'r.example',
  CI_REGISTRY_IMAGE: 'r.example/app',
  CI_REGISTRY_USER: 'job',
  CI_REGISTRY_PASSWORD: 'x'.repeat(200),
  CI_COMMIT_SHA: 'abc',
  CI_COMMIT_REF_SLUG: 'topic',
  CI_COMMIT_REF_PROTECTED: 'false',
  CI_DEFAULT_BRANCH: 'main',
};

/** Runs the script of the edited job with a real shell; the builders only tell what they are given. */
function run(option: LayerOption): { calls: string[][]; folder: string; script: string } {
  const { after, answer } = change(
    { '.gitlab-ci.yml': config, ContainerFile: 'FROM a\nARG TITLE VERSION\nRUN make $TITLE $VERSION\n' },
    option,
  );
  expect(answer.changed).toEqual(['build']);
  const folder = join(home, option);
  const bin = join(folder, 'bin');
  mkdirSync(join(folder, 'kaniko'), { recursive: true });
  mkdirSync(bin);
  const log = join(folder, 'calls');
  writeFileSync(log, '');
  const stub = `#!/bin/sh\ncase "$*" in *--password-stdin*) cat > /dev/null;; esac\nprintf '%s\\n' "\${0##*/}" "$@" >> '${log}'\nprintf '\\036\\n' >> '${log}'\n`;
  for (const path of ['docker', 'buildah', 'buildctl-daemonless.sh']
    .map((name) => join(bin, name))
    .concat(join(folder, 'kaniko/executor'))) {
    writeFileSync(path, stub);
    chmodSync(path, 0o755);
  }
  const job = setOf(after).configuration.jobs.get('build');
  const script = ['before_script', 'script']
    .flatMap((keyword) => flatItems(job && get(job.keywords, keyword)).map((node) => textOf(node) ?? ''))
    .join('\n')
    .replaceAll('/kaniko/', `${join(folder, 'kaniko')}/`);
  execFileSync('sh', ['-eu', '-c', script], {
    cwd: folder,
    env: { ...given, HOME: folder, CI_PROJECT_DIR: folder, PATH: `${bin}:${process.env.PATH ?? ''}` },
  });
  const calls = readFileSync(log, 'utf8').split('\u001e\n').filter(Boolean);
  return { folder, script, calls: calls.map((call) => call.trimEnd().split('\n')) };
}

const own = 'type=registry,ref=r.example/app/cache:topic-false';
const to = `${own},mode=max,ignore-error=true,image-manifest=true,oci-mediatypes=true`;
const shared = 'type=registry,ref=r.example/app/cache:main-true';

test('a shell hands BuildKit what the job meant', () => {
  const { calls, folder } = run('buildkit');
  expect(calls.map((call) => call.slice(0, 3).join(' '))).toEqual([
    'docker info',
    'docker login -u',
    'docker context create',
    'docker buildx create',
    'docker buildx build',
  ]);
  expect(calls.at(-1)?.slice(3)).toEqual(
    [
      '--pull',
      ['--build-arg', 'TITLE=a b', '--build-arg', 'VERSION=abc'],
      ['--file', 'ContainerFile', '-t', 'r.example/app:abc-amd64'],
      ['--cache-from', own, '--cache-from', shared, '--cache-to', to],
      ['--tag', 'r.example/app:latest', '--provenance=false', '--push', '.'],
    ].flat(),
  );
  expect(readFileSync(join(folder, 'build.env'), 'utf8')).toBe('TAG=abc-amd64\n');
});

test('a shell hands rootless BuildKit the same, and a file that it can log in with', () => {
  const { calls, folder } = run('buildkit-rootless');
  expect(calls).toEqual([
    [
      ['buildctl-daemonless.sh', 'build', '--frontend', 'dockerfile.v0'],
      ['--local', 'context=.', '--local', 'dockerfile=.', '--opt', 'filename=ContainerFile'],
      ['--opt', 'build-arg:TITLE=a b', '--opt', 'build-arg:VERSION=abc', '--opt', 'image-resolve-mode=pull'],
      ['--import-cache', own, '--import-cache', shared, '--export-cache', to],
      ['--output', 'type=image,"name=r.example/app:abc-amd64,r.example/app:latest",push=true'],
    ].flat(),
  ]);
  const auths = JSON.parse(readFileSync(join(folder, '.docker/config.json'), 'utf8')).auths;
  const { auth } = auths['r.example'];
  expect(Buffer.from(auth, 'base64').toString()).toBe(`job:${given.CI_REGISTRY_PASSWORD}`);
});

test('a shell hands Kaniko the same', () => {
  const { calls, folder } = run('kaniko');
  expect(calls).toEqual([
    [
      ['executor', `--context=${folder}`, '--dockerfile=ContainerFile'],
      ['--build-arg=TITLE=a b', '--build-arg=VERSION=abc'],
      ['--destination=r.example/app:abc-amd64', '--destination=r.example/app:latest'],
      ['--cache=true', '--cache-repo=r.example/app/cache', '--cache-ttl=168h'],
    ].flat(),
  ]);
  const text = readFileSync(join(folder, 'kaniko/.docker/config.json'), 'utf8');
  expect(Object.keys(JSON.parse(text).auths)).toEqual(['r.example']);
});

test('a shell hands Buildah the same, tags and pushes after it', () => {
  const { calls } = run('buildah');
  expect(calls).toEqual([
    ['buildah', 'login', '-u', 'job', '--password-stdin', 'r.example'],
    [
      ['buildah', 'build', '--layers', '--cache-from', 'r.example/app/cache'],
      ['--cache-to', 'r.example/app/cache', '--cache-ttl', '168h', '--pull', '--file', 'ContainerFile'],
      ['--build-arg', 'TITLE=a b', '--build-arg', 'VERSION=abc', '--tag', 'r.example/app:abc-amd64', '.'],
    ].flat(),
    ['buildah', 'tag', 'r.example/app:abc-amd64', 'r.example/app:latest'],
    ['buildah', 'push', 'r.example/app:abc-amd64'],
    ['buildah', 'push', 'r.example/app:latest'],
  ]);
});
