import { expect, test } from 'vitest';
import { loadHistory } from '../../../source/services/history/load.ts';
import { api, gitlabWorld, jobRow, pipelineRow } from '../gitlab/world.ts';

test('durations are learned from the newest successful pipelines', async () => {
  const ids = [104, 103, 102, 101];
  const jobs = Object.fromEntries(
    ids.flatMap((id) => [
      [`GET ${api}/pipelines/${id}/jobs`, { body: [jobRow(id * 10, 'build', { duration: id - 100 })] }],
      [`GET ${api}/pipelines/${id}/bridges`, { body: [] }],
    ]),
  );
  const world = await gitlabWorld({
    [`GET ${api}/pipelines`]: { body: ids.map((id) => pipelineRow(id, { status: 'success' })) },
    ...jobs,
  });
  const history = await loadHistory(world.gitlab, { ref: 'main', limit: 4 });
  await world.close();
  expect(history.pipelines).toBe(4);
  expect(history.samples.get('build')).toEqual([1, 2, 3, 4]);
  expect(history.durations.get('build')).toMatchObject({ n: 4, median: 2.5 });
  expect(world.asked()[0]).toMatch(/status=success/);
});
