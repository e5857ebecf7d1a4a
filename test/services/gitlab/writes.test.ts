import { afterEach, expect, test } from 'vitest';
import { openGrant } from '../../../source/services/grant.ts';
import { api, type GitLabWorld, gitlabWorld, jobRow, pipelineRow } from './world.ts';

let world: GitLabWorld | undefined;
afterEach(() => world?.close());

test('jobs and pipelines are retried, played and cancelled', async () => {
  world = await gitlabWorld({
    [`POST ${api}/jobs/5/retry`]: { status: 201, body: jobRow(6, 'build', { status: 'pending' }) },
    [`POST ${api}/jobs/5/play`]: { body: jobRow(5, 'build', { status: 'pending' }) },
    [`POST ${api}/jobs/5/cancel`]: { status: 201, body: jobRow(5, 'build', { status: 'canceled' }) },
    [`POST ${api}/pipelines/900/retry`]: { status: 201, body: pipelineRow(900) },
    [`POST ${api}/pipelines/900/cancel`]: { status: 201, body: pipelineRow(900, { status: 'canceled' }) },
  });
  const { gitlab, server, activity } = world;
  const grant = openGrant('test');
  expect(await gitlab.retryJob(grant, 5)).toMatchObject({ id: 6, status: 'pending' });
  expect(await gitlab.playJob(grant, 5, { DEPLOY_TARGET: 'correct-horse', lowerCamel: '2' })).toMatchObject({
    id: 5,
  });
  expect(await gitlab.playJob(grant, 5, {})).toMatchObject({ id: 5 });
  expect(await gitlab.cancelJob(grant, 5)).toMatchObject({ status: 'canceled' });
  expect(await gitlab.retryPipeline(grant, 900)).toMatchObject({ id: 900, status: 'running' });
  expect(await gitlab.cancelPipeline(grant, 900)).toMatchObject({ status: 'canceled' });
  const plays = server.asked.filter(({ path }) => path.endsWith('/play')).map(({ body }) => JSON.parse(body));
  expect(plays).toEqual([
    {
      job_variables_attributes: [
        { key: 'DEPLOY_TARGET', value: 'correct-horse' },
        { key: 'lowerCamel', value: '2' },
      ],
    },
    {},
  ]);
  expect(JSON.stringify(activity.list())).not.toContain('correct-horse');
});

test('where a role may not give variables to a job, that is named as what may be in the way', async () => {
  world = await gitlabWorld({
    [`POST ${api}/jobs/5/play`]: { status: 403, body: { message: '403 Forbidden' } },
  });
  const { gitlab } = world;
  const next = (variables: Record<string, string>): Promise<unknown> =>
    gitlab.playJob(openGrant('test'), 5, variables).then(
      () => 'played',
      (thrown: { next: readonly string[] }) => thrown.next.join(' '),
    );
  expect(await next({ A: 'b' })).toMatch(/Play it without variables/);
  expect(await next({})).not.toMatch(/without variables/);
});
