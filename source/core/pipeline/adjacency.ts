/** Edges of a graph of numbered nodes, packed: the neighbours of `node` are `targets[starts[node] … starts[node + 1] - 1]`. */
export interface Adjacency {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/** Packs pairs `from[i] → to[i]`; the neighbours of a node keep the order of the pairs. */
export function pack(nodes: number, from: readonly number[], to: readonly number[]): Adjacency {
  const starts = new Int32Array(nodes + 1);
  for (const node of from) starts[node + 1] = (starts[node + 1] ?? 0) + 1;
  for (let node = 0; node < nodes; node += 1)
    starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
  const next = starts.slice(0, nodes);
  const targets = new Int32Array(from.length);
  for (const [pair, node] of from.entries()) {
    const at = next[node] ?? 0;
    targets[at] = to[pair] ?? 0;
    next[node] = at + 1;
  }
  return { starts, targets };
}

export function neighbours({ starts, targets }: Adjacency, node: number): Int32Array {
  return targets.subarray(starts[node] ?? 0, starts[node + 1] ?? 0);
}

/** Every node that can be reached from `node` over one edge or more; without it. */
export function reach(adjacency: Adjacency, node: number): Set<number> {
  const found = new Set<number>();
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of neighbours(adjacency, at)) {
      if (found.has(next) || next === node) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** Nodes so that each comes after those with an edge to it; nodes of cycles, and behind them, are left out. */
export function topological(before: Adjacency, after: Adjacency): Int32Array {
  const nodes = before.starts.length - 1;
  const waiting = Int32Array.from({ length: nodes }, (_, node) => neighbours(before, node).length);
  const order = new Int32Array(nodes);
  let end = 0;
  for (let node = 0; node < nodes; node += 1) if (waiting[node] === 0) order[end++] = node;
  for (let at = 0; at < end; at += 1) {
    for (const next of neighbours(after, order[at] ?? 0)) {
      const left = (waiting[next] ?? 0) - 1;
      waiting[next] = left;
      if (left === 0) order[end++] = next;
    }
  }
  return order.subarray(0, end);
}
