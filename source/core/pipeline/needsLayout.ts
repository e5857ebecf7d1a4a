import { neighbours } from './adjacency.ts';
import type { PipelineGraph } from './graph.ts';

/** Jobs in layers: each stands one layer behind the last of those that it waits for. */
export interface NeedsLayout {
  /** Job numbers by layer, in the graph's order. */
  readonly layers: readonly (readonly number[])[];
  readonly layerOf: Int32Array;
  /** Place within its layer; -1 for a job that is not shown. */
  readonly rowOf: Int32Array;
}

/** O(jobs + edges). */
export function needsLayout(graph: PipelineGraph, shows: (job: number) => boolean): NeedsLayout {
  const count = graph.jobs.length;
  const depth = new Int32Array(graph.order.length);
  for (const node of graph.order) {
    let least = 0;
    for (const previous of neighbours(graph.before, node)) {
      least = Math.max(least, (depth[previous] ?? 0) + (previous < count ? 1 : 0));
    }
    depth[node] = least;
  }
  const layers: number[][] = [];
  const rowOf = new Int32Array(count).fill(-1);
  for (let job = 0; job < count; job += 1) {
    if (!shows(job)) continue;
    const at = depth[job] ?? 0;
    while (layers.length <= at) layers.push([]);
    rowOf[job] = (layers[at]?.push(job) ?? 1) - 1;
  }
  return { layers, layerOf: depth.slice(0, count), rowOf };
}
