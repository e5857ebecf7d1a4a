import { expect, test } from 'vitest';
import { pipelineGraph } from '../../source/core/pipeline/graph.ts';
import { needsLayout } from '../../source/core/pipeline/needsLayout.ts';
import { needsGrid } from '../../views/pipeline/needsView.ts';
import { glyphsOf } from '../../views/text/glyphs.ts';
import { lineText } from '../../views/text/line.ts';
import { marksOf } from '../../views/text/marks.ts';
import { withPipeline } from './pipelineWorld.ts';

const nobody: ReadonlySet<number> = new Set();

/** The view of jobs in a chain and more needs, with one selected. */
function drawn(needs: Readonly<Record<string, readonly string[]>>, selected: string, width = 112): string[] {
  const [like] = withPipeline().pipeline.value?.jobs ?? [];
  if (!like) throw new Error('no job to copy');
  const jobs = Object.keys(needs).map((name, index) => ({ ...like, id: index + 1, name, stage: 'all' }));
  const graph = pipelineGraph(jobs, { source: 'graphql', exact: true, stages: ['all'], needs });
  const { layers } = needsLayout(graph, () => true);
  const columns = layers.map((layer, index) => ({
    title: `layer ${index + 1}`,
    jobs: layer,
    rows: layer.map((job) => ({
      kind: 'job' as const,
      key: String(graph.jobs[job]?.id),
      search: '',
      job,
      inGroup: false,
    })),
  }));
  const { lines } = needsGrid({
    graph,
    columns,
    selected: String(jobs.find(({ name }) => name === selected)?.id),
    width,
    height: 9,
    place: { left: 0, tops: [] },
    cell: {
      glyphs: glyphsOf(false),
      marks: marksOf({ ascii: false }),
      critical: nobody,
      seconds: () => undefined,
    },
    upstream: nobody,
    downstream: nobody,
  });
  return lines.map((line) => lineText(line).trimEnd());
}

const chain = { a: [], b: ['a'], c: ['b'], d: ['c', 'a', 'x', 'b'], x: [], e: ['d', 'a'] };

test('an edge to a layer that is not the next goes over the layers between', () => {
  expect(`\n${drawn(chain, 'a').join('\n')}\n`).toMatchInlineSnapshot(`
    "
     ✔ layer 1 2/2          ✔ layer 2 1/1          ✔ layer 3 1/1          ✔ layer 4 1/1          ✔ layer 5 1/1
                         ╭─────────────────────────────────────────────┬──────────────────────╮
    ▶✔ a                ─┴▶ ✔ b                    ✔ c                 ╰▶ ✔ d                 ╰▶ ✔ e
     ✔ x





    "
  `);
});

test('edges from several layers before meet at the job', () => {
  expect(`\n${drawn(chain, 'd').join('\n')}\n`).toMatchInlineSnapshot(`
    "
     ✔ layer 1 2/2          ✔ layer 2 1/1          ✔ layer 3 1/1          ✔ layer 4 1/1          ✔ layer 5 1/1
                         ╭──────────────────────┬──────────────────────╮
     ✔ a                ─┤  ✔ b                ─╯  ✔ c                ─┴▶▶✔ d                ──▶ ✔ e
     ✔ x                ─╯





    "
  `);
});

test('where the layer is beyond the screen the edge goes to its border', () => {
  const lines = drawn({ a: [], b: ['a'], c: ['b'], d: ['c'], e: ['d', 'a'] }, 'a', 60);
  expect(lines[1]).toMatch(/╭─+▶$/);
  expect(lines[0]).not.toContain('layer 4');
});

test('a job without edges draws none', () => {
  expect(drawn({ a: [], b: ['a'], c: ['b'], lone: [] }, 'lone').join('\n')).not.toMatch(/[╭╰├─]/);
});
