import type { ResolvedJobSet } from '../core/ci/jobSet.ts';
import { jobsJson } from './ci.ts';
import type { Io } from './io.ts';
import { answerCi, type CiQuestion } from './question.ts';
import { printable } from './text.ts';

export const graphFormats = ['text', 'json', 'mermaid', 'dot'] as const;
export type GraphFormat = (typeof graphFormats)[number];

/** `ci graph`: what each job waits for, as text, JSON or a drawing for another program. Gives the exit status. */
export async function showGraph(question: CiQuestion, format: GraphFormat, io: Io): Promise<number> {
  const { set } = await answerCi(question);
  const status = set.errors.length > 0 ? 1 : 0;
  if (format === 'json') {
    io.stdout(`${JSON.stringify(jobsJson(set, 'ci-graph', question.now))}\n`);
    return status;
  }
  for (const { message } of set.errors) io.stderr(`${printable(message)}\n`);
  const draw = { text: textGraph, mermaid, dot }[format];
  io.stdout(
    draw(set)
      .map((line) => `${printable(line)}\n`)
      .join(''),
  );
  return status;
}

function textGraph(set: ResolvedJobSet): string[] {
  return set.stages.flatMap((stage, index) => [
    stage,
    ...set.jobs
      .filter((job) => job.stage === stage)
      .map(({ name, needs }) => {
        if (needs && needs.length > 0) return `  ${name} ← ${needs.map(({ job }) => job).join(', ')}`;
        return needs || index === 0 ? `  ${name}` : `  ${name} ← all of the stages before`;
      }),
  ]);
}

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

function ids(set: ResolvedJobSet): (key: string) => string {
  const keys = [...set.jobs.map(({ name }) => `job ${name}`), ...set.stages.map((stage) => `stage ${stage}`)];
  const known = new Map(keys.map((key, index) => [key, `n${index}`]));
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

function mermaid(set: ResolvedJobSet): string[] {
  const id = ids(set);
  const quote = (text: string): string => text.replaceAll('"', '#quot;');
  return [
    'flowchart LR',
    ...set.stages.flatMap((stage, index) => [
      `  subgraph s${index}["${quote(stage)}"]`,
      ...set.jobs
        .filter((job) => job.stage === stage)
        .map(({ name }) => `    ${id(`job ${name}`)}["${quote(name)}"]`),
      '  end',
      `  ${id(`stage ${stage}`)}((" "))`,
    ]),
    ...gates(set).map(([from, to]) => `  ${id(from)} -.-> ${id(to)}`),
    ...edges(set).map(([from, to]) => `  ${id(from)} --> ${id(to)}`),
  ];
}

function dot(set: ResolvedJobSet): string[] {
  const id = ids(set);
  const quote = (text: string): string => text.replace(/["\\]/g, '\\$&');
  return [
    'digraph pipeline {',
    '  rankdir=LR; node [shape=box];',
    ...set.stages.flatMap((stage, index) => [
      `  subgraph cluster_${index} { label="${quote(stage)}";`,
      ...set.jobs
        .filter((job) => job.stage === stage)
        .map(({ name }) => `    ${id(`job ${name}`)} [label="${quote(name)}"];`),
      '  }',
      `  ${id(`stage ${stage}`)} [shape=point];`,
    ]),
    ...gates(set).map(([from, to]) => `  ${id(from)} -> ${id(to)} [style=dotted, arrowhead=none];`),
    ...edges(set).map(([from, to]) => `  ${id(from)} -> ${id(to)};`),
    '}',
  ];
}
