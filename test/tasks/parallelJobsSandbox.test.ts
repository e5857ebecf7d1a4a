import { expect, test } from 'vitest';
import { applyPlan } from '../../source/tasks/engine/apply.ts';
import { finish } from './engine/world.ts';
import { sandboxTask } from './sandboxTask.ts';

// Pipelines that end meanwhile would move the medians, and with them what a set is made of.
const { look, plan, planned, probes, session, task, undo } = sandboxTask('parallel-jobs', 1);

test('the best set is recommended with its gain, the plan’s own move is offered with its own', async () => {
  const options = (await task.options?.(await look())) ?? [];
  const [best, plans] = options;
  expect(best).toMatchObject({ name: 'best', possible: true, recommended: true });
  expect(best?.because).toMatch(
    /push: \d+m \d\ds → \d+m \d\ds, saves \d.*nine of ten draws.*N \d+ pipelines/,
  );
  expect(best?.tradeOff).toContain('pages then waits for test:unit itself');
  expect(plans).toMatchObject({ name: 'plan', possible: true, recommended: false });
  const longer = options.find(({ name }) => name === 'sbom:stage:security');
  expect(longer?.because).not.toContain('saves');
});

test('its edits are what one would write by hand, and go from absent to valid and back', async () => {
  const { workspace } = session();
  expect(task.probe((await look()).known).rung).toBe('absent');
  const { plan: made, preflight } = await plan('worktree');
  expect(preflight.filter(({ state }) => state === 'problem')).toEqual([]);
  const diffs = made.steps.flatMap(({ preview }) => ('diff' in preview ? [preview.diff] : []));
  const lines = diffs.flatMap((diff) => diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line)));
  expect(lines).toEqual(
    expect.arrayContaining([
      '-    - test:unit',
      '+  needs: []',
      '+    - job: test:unit',
      '+      artifacts: false',
    ]),
  );
  expect(lines.every((line) => /needs:|^[-+] +- |artifacts: false$/.test(line))).toBe(true);
  expect(await finish(applyPlan(made, { workspace, probes }))).toMatchObject({ outcome: 'done' });
  expect(task.probe((await look()).known).rung).toBe('valid');
  expect((await plan('worktree')).plan.steps).toEqual([]);
  expect(await undo()).toMatchObject({ outcome: 'undone' });
  expect(task.probe((await look()).known).rung).toBe('absent');
});

test('single moves are made by name, and unknown ones refused', async () => {
  const { plan: made } = await plan('worktree', undefined, {
    moves: 'security:bandit:at-once, sbom:exact-needs',
  });
  expect(made.steps).toHaveLength(1);
  expect(await planned('worktree', undefined, { moves: 'sbom:at-noon' })).toMatchObject({
    refused: 'there is no move sbom:at-noon',
  });
  await expect(planned('worktree', undefined, { event: 'lunch' })).rejects.toThrow('usual, push');
});

test('a pipeline that has just begun takes nothing away of what one that ended has told', async () => {
  const { known } = await look();
  const { gitlab } = session().workspace;
  const view = known.pipeline.value;
  if (!view || 'off' in gitlab) throw new Error('no pipeline');
  const [last] = await gitlab.service.pipelines({ ref: 'main', status: 'success', limit: 1 });
  const jobs = await gitlab.service.jobs(last?.id ?? 0);
  // Facts of their own: what was seen of the others is not known of these.
  const facts = known.facts && { ...known.facts };
  const saw = (status: 'success' | 'running', ran: typeof jobs) => {
    const value = { ...view, pipeline: { ...view.pipeline, status }, jobs: ran };
    const seen = { ...known, ...(facts ? { facts } : {}), pipeline: { ...known.pipeline, value } };
    return task.probe(seen).evidence[0]?.saw;
  };
  expect(saw('running', [])).toContain('if all jobs took equally long');
  const told = saw('success', jobs);
  expect(told).toMatch(/would be saved by the durations of \d+ jobs/);
  expect(saw('running', [])).toBe(told);
});
