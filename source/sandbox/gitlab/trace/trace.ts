import { variablesOf } from '../../../core/ci/variables.ts';
import { get, textOf, textsOf } from '../../../core/ci/yaml/node.ts';
import type { Tree } from '../../checkout/objects.ts';
import { commandsOf } from '../model/outcomes.ts';
import { seededRandom } from '../model/random.ts';
import type { JobRun, Outcome } from '../model/runs.ts';
import type { Variable } from '../model/variables.ts';
import { afterScript, artifactsDown, cacheDown, imageOf, opening, saving, sources } from './frame.ts';
import { command, type Item, section } from './items.ts';
import { outputOf, stopsAt } from './output.ts';

/** A job's log as far as it is written at a time (milliseconds since the epoch), in the runner's format. */
export function traceOf(run: JobRun, tree: Tree, masked: readonly Variable[], until: number): string {
  const { startedAt, outcome } = run;
  if (startedAt === undefined || !outcome || run.erasedAt !== undefined) return '';
  const end = run.finishedAt ?? until;
  const isStopped = run.status === 'canceled';
  const lines: string[] = [];
  for (const { at, item } of timed(items(run, outcome, tree), startedAt, outcome.duration)) {
    if (at > end || (isStopped && at >= end)) break;
    const text = typeof item.text === 'string' ? item.text : item.text(at);
    lines.push(`${stamp(at)} ${item.isError ? '01E' : '00O'} ${text}\n`);
  }
  if (isStopped) lines.push(`${stamp(end)} 00O \u001B[31;1mERROR: Job failed: canceled\u001B[0;m\n`);
  return mask(lines.join(''), masked);
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

/** Values of masked variables never reach a log. */
function mask(text: string, variables: readonly Variable[]): string {
  return variables
    .filter(({ masked, value }) => masked && value.length >= 8)
    .reduce((rest, { value }) => rest.replaceAll(value, '[MASKED]'), text);
}

/** Items with their times: fixed seconds first, at most two fifths of the whole; the script has what is left. */
function timed(all: readonly Item[], start: number, duration: number): { at: number; item: Item }[] {
  const sum = (pick: (item: Item) => number | undefined): number =>
    all.reduce((total, item) => total + (pick(item) ?? 0), 0);
  const [fixed, weights] = [sum(({ seconds }) => seconds), sum(({ weight }) => weight)];
  const scale = Math.min(1, (duration * 0.4) / Math.max(fixed, 0.001));
  const unit = (duration - fixed * scale) / Math.max(weights, 0.001);
  let at = start;
  return all.map((item) => {
    const placed = { at, item };
    at += ((item.seconds ?? 0) * scale + (item.weight ?? 0) * unit) * 1000 * 0.999;
    return placed;
  });
}

function items(run: JobRun, outcome: Outcome, tree: Tree): Item[] {
  const random = seededRandom(`trace ${run.id}`);
  const { keywords } = run.job.definition;
  const variables = { ...variablesOf(get(keywords, 'variables')), ...run.variables };
  const context = { story: outcome.story, tree, random, variables };
  const script: Item[] = [];
  for (const text of commandsOf(run)) {
    script.push(command(text), ...outputOf(text, context));
    if (stopsAt(text, outcome.story)) break;
  }
  const isDocker = run.runner?.executor !== 'shell';
  const failed = outcome.failure !== undefined;
  const after = textsOf(get(keywords, 'after_script'));
  return [
    ...opening(
      run,
      imageOf(textOf(get(keywords, 'image')) ?? textOf(get(get(keywords, 'image'), 'name')), run),
    ),
    ...sources(run),
    ...cacheDown(run, tree),
    ...artifactsDown(run, random),
    ...section('step_script', 'Executing "step_script" stage of the job script', 0.4, script),
    ...afterScript(after),
    ...saving(run, failed, tree, random),
    ...section('cleanup_file_variables', 'Cleaning up project directory and file based variables', 0.6, []),
    failed
      ? { text: `\u001B[31;1mERROR: Job failed: exit ${isDocker ? 'code' : 'status'} 1\u001B[0;m` }
      : { text: '\u001B[32;1mJob succeeded\u001B[0;m' },
  ];
}
