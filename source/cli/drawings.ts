import type { ResolvedJobSet } from '../core/ci/jobSet.ts';
import { type Planned, type Started, startedText } from './started.ts';

/** A stage as a node of its own, so that stage order takes one edge a job. */
function edges(set: ResolvedJobSet): [string, string][] {
  const before = new Map(set.stages.map((stage, index) => [stage, set.stages[index - 1]]));
  // A job of an include that is not here has no node.
  const drawn = new Set(set.jobs.map(({ name }) => name));
  return set.jobs.flatMap(({ name, stage, needs }): [string, string][] => {
    if (needs)
      return needs.filter(({ job }) => drawn.has(job)).map(({ job }) => [`job ${job}`, `job ${name}`]);
    const previous = before.get(stage);
    return previous === undefined ? [] : [[`stage ${previous}`, `job ${name}`]];
  });
}

function ids(set: ResolvedJobSet, prefix: string): (key: string) => string {
  const keys = [...set.jobs.map(({ name }) => `job ${name}`), ...set.stages.map((stage) => `stage ${stage}`)];
  const known = new Map(keys.map((key, index) => [key, `${prefix}n${index}`]));
  return (key) => known.get(key) ?? 'unknown';
}

/** The jobs that a stage-ordered job waits for through its stage's node. */
function gates(set: ResolvedJobSet): [string, string][] {
  const within = set.jobs.map(({ name, stage }): [string, string] => [`job ${name}`, `stage ${stage}`]);
  const between = set.stages
    .slice(1)
    .map((stage, index): [string, string] => [`stage ${set.stages[index] ?? ''}`, `stage ${stage}`]);
  return [...within, ...between];
}

/** What the bridges of a pipeline start: each with its bridge's node and a name that is there once. */
function starts({ set, started }: Planned, prefix: string): { bridge: string; name: string; one: Started }[] {
  const id = ids(set, prefix);
  return [...started].map(([job, one], index) => ({
    bridge: id(`job ${job}`),
    name: `${prefix}c${index}`,
    one,
  }));
}

/** For mermaid.js; a child pipeline is a box of its own. */
export function mermaid(whole: Planned): string[] {
  return ['flowchart LR', ...mermaidBody(whole, '').map((line) => `  ${line}`)];
}

function mermaidBody(whole: Planned, prefix: string): string[] {
  const { set } = whole;
  const id = ids(set, prefix);
  const quote = (text: string): string => text.replaceAll('"', '#quot;');
  return [
    ...set.stages.flatMap((stage, index) => [
      `subgraph ${prefix}s${index}["${quote(stage)}"]`,
      ...set.jobs
        .filter((job) => job.stage === stage)
        .map(({ name }) => `  ${id(`job ${name}`)}["${quote(name)}"]`),
      'end',
      `${id(`stage ${stage}`)}((" "))`,
    ]),
    ...gates(set).map(([from, to]) => `${id(from)} -.-> ${id(to)}`),
    ...edges(set).map(([from, to]) => `${id(from)} --> ${id(to)}`),
    ...starts(whole, prefix).flatMap(({ bridge, name, one }) => {
      const title = `"${quote(startedText(one))}"`;
      const body = one.kind === 'child' ? mermaidBody(one.planned, `${name}_`) : [];
      const box =
        body.length > 0
          ? [`subgraph ${name}[${title}]`, ...body.map((line) => `  ${line}`), 'end']
          : [`${name}([${title}])`];
      return [...box, `${bridge} ==> ${name}`];
    }),
  ];
}

/** For Graphviz; a child pipeline is a box of its own. */
export function dot(whole: Planned): string[] {
  return [
    'digraph pipeline {',
    '  rankdir=LR; compound=true; node [shape=box];',
    ...dotBody(whole, '').map((line) => `  ${line}`),
    '}',
  ];
}

function dotBody(whole: Planned, prefix: string): string[] {
  const { set } = whole;
  const id = ids(set, prefix);
  const quote = (text: string): string => text.replace(/["\\]/g, '\\$&');
  return [
    ...set.stages.flatMap((stage, index) => [
      `subgraph cluster_${prefix}${index} { label="${quote(stage)}";`,
      ...set.jobs
        .filter((job) => job.stage === stage)
        .map(({ name }) => `  ${id(`job ${name}`)} [label="${quote(name)}"];`),
      '}',
      `${id(`stage ${stage}`)} [shape=point];`,
    ]),
    ...gates(set).map(([from, to]) => `${id(from)} -> ${id(to)} [style=dotted, arrowhead=none];`),
    ...edges(set).map(([from, to]) => `${id(from)} -> ${id(to)};`),
    ...starts(whole, prefix).flatMap(({ bridge, name, one }) => {
      const title = quote(startedText(one));
      const body = one.kind === 'child' ? dotBody(one.planned, `${name}_`) : [];
      if (body.length === 0)
        return [`${name} [shape=oval, label="${title}"];`, `${bridge} -> ${name} [style=bold];`];
      return [
        `subgraph cluster_${name} { label="${title}";`,
        ...body.map((line) => `  ${line}`),
        '}',
        `${bridge} -> ${name}_n0 [style=bold, lhead=cluster_${name}];`,
      ];
    }),
  ];
}
