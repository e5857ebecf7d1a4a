import { describe, expect, test } from 'vitest';
import type { PipelineJob } from '../../source/core/gitlab/model.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import { cells } from '../../views/text/width.ts';
import { withPipeline } from './pipelineWorld.ts';
import { show } from './terminal.ts';

const sizes = [
  [80, 24],
  [160, 45],
] as const;
const views = ['by stage', 'by needs', 'timeline'];

/** The pipeline with other jobs. */
function withJobs(change: (jobs: readonly PipelineJob[]) => readonly PipelineJob[]): Snapshot {
  const base = withPipeline();
  const { value } = base.pipeline;
  if (!value) throw new Error('no pipeline to change');
  return {
    ...base,
    pipeline: { ...base.pipeline, state: 'fresh', value: { ...value, jobs: change(value.jobs) } },
  };
}

const strange = [
  '構築 linux',
  '\u202Egnp.exe\u202C',
  'e\u0301te\u0301 \u200B\u200Bzero',
  '\u001B[2Jcleared\u0007',
  'x'.repeat(255),
  ' ',
  'a\nb',
  'ｱｲｳ half',
];

describe.each(sizes)('at %ix%i', (columns, rows) => {
  test('a pipeline without jobs says so in every view', async () => {
    const shown = await show(
      withJobs(() => []),
      { columns, rows },
    );
    await shown.type('5+');
    for (const view of views) {
      await shown.until(view);
      expect(shown.frame()).toContain('this pipeline has no jobs');
      await shown.type('jGkl\r');
      await shown.type('v');
    }
  });

  test('names in any script and with any control character leave the screen whole', async () => {
    const snapshot = withJobs((jobs) =>
      jobs.map((job, index) => ({ ...job, name: strange[index] ?? job.name })),
    );
    const shown = await show(snapshot, { columns, rows });
    await shown.type('5+');
    for (const view of views) {
      await shown.until(view);
      expect(shown.frame()).not.toContain('cleared\u0007');
      const [, top, ...others] = shown.rows();
      expect(top).toMatch(/^╭.*╮$/);
      for (const row of others.slice(0, -2)) {
        expect(row).toMatch(/^│.*│$/);
        expect(cells(row)).toBeLessThanOrEqual(columns);
      }
      await shown.type('jjj');
      await shown.type('v');
    }
    await shown.type('\r');
    await shown.until('Job #');
  });

  test('jobs of equal names are selected one by one', async () => {
    const snapshot = withJobs((jobs) => jobs.map((job) => ({ ...job, name: 'same' })));
    const shown = await show(snapshot, { columns, rows });
    await shown.type('5+vv');
    await shown.until('timeline');
    const opened = new Set<string>();
    for (let index = 0; index < 12; index += 1) {
      await shown.type('\r');
      opened.add(/Job #(\d+)/.exec(shown.frame())?.[1] ?? '');
      await shown.type('q');
      await shown.type('j');
    }
    expect(opened.size).toBe(12);
  });
});

test('what is open of a pipeline that is deleted says so', async () => {
  const shown = await show(withPipeline());
  await shown.type('5+\r');
  expect(shown.frame()).toContain('Job #');
  shown.monitor.show({
    pipeline: {
      state: 'failed',
      failure: {
        kind: 'needs-user',
        code: 'not-found',
        tried: 'GET pipeline',
        saw: '404: it was deleted',
        next: ['Choose another: H.'],
      },
    },
  });
  await shown.settle();
  expect(shown.frame()).toContain('it is gone');
  await shown.type('q');
  expect(shown.frame()).toContain('404: it was deleted');
});

test('a chain of five hundred needs and a cycle are drawn', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `link ${index}`);
  const base = withJobs(([like]) =>
    like ? names.map((name, index) => ({ ...like, id: index + 1, name })) : [],
  );
  const needs = Object.fromEntries(
    names.map((name, index) => [name, index === 0 ? ['link 9'] : [`link ${index - 1}`]]),
  );
  const { value } = base.pipeline;
  if (!value) throw new Error('no pipeline to change');
  const edges = { source: 'graphql', exact: true, stages: ['validate'], needs } as const;
  const shown = await show(
    { ...base, pipeline: { ...base.pipeline, state: 'fresh', value: { ...value, edges } } },
    { columns: 120 },
  );
  await shown.type('5+v');
  await shown.until('by needs');
  await shown.type('G]]');
  expect(shown.frame()).toContain('link 499');
});
