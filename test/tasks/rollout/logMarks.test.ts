import { expect, test } from 'vitest';
import { marksFor } from '../../../source/tasks/containerLayers/marks.ts';
import { marksIn } from '../../../source/tasks/rollout/logMarks.ts';

async function shown(option: Parameters<typeof marksFor>[1], log: string): Promise<readonly string[]> {
  async function* trace() {
    yield Buffer.from(log);
  }
  return marksIn({ trace: async () => trace() }, 1, marksFor(['build'], option));
}

// As buildx 0.25 with BuildKit 0.23, and Buildah 1.39, print it.
const step = '#10 [tools 2/2] RUN make\n#10 CACHED\n';
const missing =
  '#5 importing cache manifest from r.example/app/cache:topic-false\n#5 ERROR: failed to configure registry cache importer: r.example/app/cache:topic-false: not found\n';
const found =
  '#6 importing cache manifest from r.example/app/cache:main-true\n#6 inferred cache manifest type: application/vnd.oci.image.manifest.v1+json done\n';

test('a step that was built before in the same job is no layer from the cache', async () => {
  expect(await shown('buildkit', `${missing}${step}`)).toEqual([]);
  expect(await shown('buildah', 'STEP 2/3: RUN make\n--> Using cache 1ffe58fc5929\n')).toEqual([]);
});

test('a cache that was found shows, with the layers that came from it', async () => {
  expect(await shown('buildkit-rootless', `${missing}${found}`)).toEqual(['the cache’s manifest']);
  const both = ['layers from the cache (CACHED)', 'the cache’s manifest'];
  expect(await shown('buildkit', `${missing}${found}${step}`)).toEqual(both);
  expect(await shown('buildkit', `${step}${found}`)).toEqual(both);
});

test('a layer that Buildah pulled and had no use for is none from the cache', async () => {
  const pulled = '--> Cache pulled from remote r.example/app/cache:0e5a:0e5a\n';
  expect(await shown('buildah', `${pulled}--> Pushing cache [r.example/app/cache]:0e5a\n`)).toEqual([]);
  expect(await shown('buildah', `${pulled}--> Using cache 3e10b609e55a\n`)).toEqual([
    'layers from the cache',
  ]);
});
