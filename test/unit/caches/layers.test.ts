import { expect, test } from 'vitest';
import { layerCache } from '../../../source/core/caches/layers.ts';
import { imageBuilds } from '../../../source/core/container/builds.ts';
import { ask } from '../ci/ask.ts';

const now = '2026-01-01T00:00:00.000Z';

function rowOf(...commands: readonly string[]) {
  const text = commands.map((command, index) => `job${index}:\n  script:\n    - ${command}\n`).join('');
  return layerCache(imageBuilds(ask(text).configuration), { now }).row;
}

const from = (ref: string) => `--cache-from type=registry,ref=${ref}`;
const to = (ref: string) => `--cache-to type=registry,ref=${ref},mode=max`;

test.each([
  ['no build', ['make'], 'absent'],
  ['no cache', ['docker build .'], 'absent'],
  ['read only', [`docker buildx build ${from('r/c:a')} .`], 'absent'],
  ['read and written', [`docker buildx build ${from('r/c:main')} ${to('r/c:$REF')} .`], 'valid'],
  ['read elsewhere', [`docker buildx build ${from('r/other:a')} ${to('r/c:a')} .`], 'present'],
  ['one of two', [`docker buildx build ${from('r/c:a')} ${to('r/c:a')} .`, 'docker build .'], 'present'],
  ['Kaniko', ['/kaniko/executor --cache=true --cache-repo=r/c --destination=r:x'], 'valid'],
  ['Kaniko without', ['/kaniko/executor --cache=false --destination=r:x'], 'absent'],
  ['Buildah', ['buildah build --layers --cache-from r/c --cache-to r/c .'], 'valid'],
  [
    'rootless',
    [
      'buildctl-daemonless.sh build --import-cache type=registry,ref=r/c --export-cache type=registry,ref=r/c',
    ],
    'valid',
  ],
  ['only said', ['echo docker build .'], 'absent'],
])('%s', (_, commands, rung) => {
  expect(rowOf(...commands).rung).toBe(rung);
});
