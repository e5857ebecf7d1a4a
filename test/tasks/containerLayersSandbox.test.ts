import { expect, test } from 'vitest';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { finish } from './engine/world.ts';
import { sandboxTask } from './sandboxTask.ts';

const { look, plan, planned, probes, session, task, undo } = sandboxTask('container-layers');
const job = 'container:build:amd64';

test('each way is offered with what it needs of the runners, and one is recommended', async () => {
  const options = (await task.options?.(await look())) ?? [];
  const ways = options.filter(({ name }) => name !== 'revert');
  expect(ways.map(({ name, possible }) => [name, possible])).toEqual([
    ['buildkit', true],
    ['kaniko', true],
    ['buildkit-rootless', true],
    ['buildah', true],
  ]);
  expect(ways.filter(({ recommended }) => recommended).map(({ name }) => name)).toEqual(['buildkit']);
  expect(ways[0]?.because).toMatch(
    /^Recommended: .*The plan recommends Kaniko, which is archived\. Needs of /,
  );
  expect(ways[1]?.tradeOff).toContain('Archived since June 2025');
});

test('the plan says what differs from the build plan’s lines, what stays, and what is predicted', async () => {
  const { plan: made, preflight } = await plan('worktree');
  const said = preflight.map(({ title, state, saw }) => `${state} ${title}: ${saw}`);
  const line = (title: string) => said.find((one) => one.includes(title));
  expect(line('Tags pushed')).toBe(
    `fine Tags pushed: the same 1 tag as before: ${job} $CONTAINER_REGISTRY:$CONTAINER_TAG-amd64`,
  );
  expect(line('Runners of')).toMatch(/^fine .*a Docker service, which worked in pipeline \d+ on /);
  expect(line('Who writes')).toMatch(/^fine .*main is protected/);
  expect(line('Jobs changed')).toBe(`fine Jobs changed: ${job} (script)`);
  expect(line('Unlike the plan: image tags')).toContain('-amd64');
  expect(line('Predicted, push')).toMatch(/^fine .*saves .*the first time /);
  expect(line('Taken for')).toMatch(
    /2m 30s.*the plan’s promise of two to three minutes, never measured here$/,
  );
  expect(preflight.filter(({ state }) => state === 'warning' || state === 'problem')).toEqual([]);
  expect(made.steps.map(({ id }) => id)).toEqual(['edit-gitlab-ci-yml']);
});

test.each(['buildkit', 'kaniko', 'buildkit-rootless', 'buildah'])(
  '%s is applied, found in the files, planned to nothing a second time, and taken back',
  async (option) => {
    const { workspace } = session();
    expect(task.probe((await look()).known).rung).toBe('absent');
    const { plan: made } = await plan('worktree', option);
    expect(await finish(applyPlan(made, { workspace, probes }))).toMatchObject({ outcome: 'done' });
    expect(task.probe((await look()).known).rung).toBe('valid');
    expect((await plan('worktree', option)).plan.steps).toEqual([]);
    const options = (await task.options?.(await look())) ?? [];
    expect(options.filter(({ recommended }) => recommended).map(({ name }) => name)).toEqual([option]);
    const other = option === 'buildkit' ? 'buildah' : 'buildkit';
    await expect(planned('worktree', other)).rejects.toThrow(
      /has a cache of .* already; take that back first/,
    );
    expect(await undo()).toMatchObject({ outcome: 'undone' });
  },
);

test('settings are held to what they may be', async () => {
  const cases: Record<string, string>[] = [
    { jobs: 'validate:lint' },
    { 'cache-repository': '$CI_REGISTRY_IMAGE/cache:tag' },
    { 'builder-image': 'x; rm -rf /' },
  ];
  for (const settings of cases)
    await expect(planned('worktree', 'buildkit', settings)).rejects.toMatchObject({
      code: 'no-such-setting',
    });
  await expect(planned('worktree', 'kaniko', { 'cache-ttl': 'soon' })).rejects.toMatchObject({
    code: 'no-such-setting',
  });
  const made = await plan('worktree', 'buildkit', {
    'cache-repository': 'r.example:5000/layers',
    'builder-image': 'moby/buildkit:v0.20.2',
  });
  expect(JSON.stringify(made.plan.steps)).toContain('ref=r.example:5000/layers:$CI_COMMIT_REF_SLUG');
  expect(JSON.stringify(made.plan.steps)).toContain('image=moby/buildkit:v0.20.2');
});

test.each([
  ['kaniko', 'layers from the cache'],
  ['buildah', 'layers from the cache'],
])(
  '%s, tried on a branch, shows its cache in the second pipeline, and the branch goes again',
  async (option, shows) => {
    const { workspace } = session();
    const { plan: trial } = await plan('trial', option, {
      'cache-repository': `$CI_REGISTRY_IMAGE/${option}`,
    });
    const outcome = await finish(applyPlan(trial, { workspace, probes }));
    expect(outcome).toMatchObject({ outcome: 'done' });
    const measured = outcome.events.flatMap((event) =>
      event.state === 'done' && event.step.startsWith('measure') ? [event.saw] : [],
    );
    expect(measured).toHaveLength(2);
    expect(measured[0]).not.toContain(shows);
    expect(measured[1]).toContain(`(${shows}`);
    expect(await undo()).toMatchObject({ outcome: 'undone' });
    if ('off' in workspace.gitlab) throw new Error('no GitLab');
    expect(await workspace.gitlab.service.branch('huskycat-tui/container-layers')).toBeUndefined();
  },
  60_000,
);

test('tried on a branch it is cold, then warm; what was measured is predicted from then on, and proves it', async () => {
  const { workspace } = session();
  const trial = await plan('trial');
  expect(await finish(applyPlan(trial.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const again = await plan('merge-request');
  const taken = again.preflight.find(({ title }) => title === `Taken for ${job}`);
  expect(taken?.saw).toMatch(/the first time, median of \d+ runs? whose log shows the cache$/);
  const request = again.plan.steps.find(({ id }) => id === 'open-merge-request');
  expect(JSON.stringify(request?.preview)).toContain('layers from the cache (CACHED)');
  const here = await plan('worktree');
  expect(await finish(applyPlan(here.plan, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  const proof = await task.verify?.(await look());
  expect(proof?.rung).toBe('proven');
  const saw = proof?.evidence.map((one) => `${one.source}: ${one.saw}`).join('\n');
  expect(saw).toMatch(/log of container:build:amd64 in pipeline \d+ on huskycat-tui\/container-layers/);
  expect(saw).toMatch(/container registry: it holds \S+\/cache:huskycat-tui-container-layers-false/);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
}, 60_000);
