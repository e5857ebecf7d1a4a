import { known } from '../../core/known.ts';
import type { TrialFigures, TriedWay } from '../../core/plan/trialRun.ts';
import type { Workspace } from '../../services/workspace.ts';
import { type RunRecord, readRecords } from '../engine/record.ts';

/** The figures of one pipeline beside the way that it tried. */
export interface WayFigures extends TrialFigures {
  readonly way?: string;
}

/** The ways of a task that were tried on branches, the newest trial of each, in the order they were begun; also closed ones. */
export function triedWays(workspace: Workspace, task: string): TriedWay[] {
  const { gitlab } = workspace;
  if ('off' in gitlab) return [];
  return triedIn(readRecords(workspace).runs, task, gitlab.service.projectPath);
}

/** The same, from records that were read. */
export function triedIn(runs: readonly RunRecord[], task: string, project: string): TriedWay[] {
  const ways = new Map<string | undefined, TriedWay>();
  for (const { plan, startedAt, ended, tried } of runs) {
    if (plan.task !== task || plan.target !== 'trial' || !tried || tried.length === 0) continue;
    if (!plan.steps.some(({ action }) => action.kind === 'commit' && action.project === project)) continue;
    const { option } = plan;
    ways.delete(option);
    ways.set(option, {
      ...(option === undefined ? {} : { option }),
      at: startedAt,
      isOpen: ended !== 'undone',
      pipelines: tried,
    });
  }
  return [...ways.values()];
}

/** What was measured of a way and of the others, each pipeline with the way that it tried; the chosen one first. */
export function sideBySide(
  chosen: string | undefined,
  own: readonly TrialFigures[],
  ways: readonly TriedWay[],
): WayFigures[] {
  const kept = ways.find(({ option }) => option === chosen)?.pipelines ?? [];
  const expected = new Map(kept.map((one) => [one.pipeline, one.expected]));
  const seen = own.map((one) => known({ ...one, expected: expected.get(one.pipeline) }));
  const others = ways.filter(({ option }) => option !== chosen);
  const named = (option: string | undefined, pipelines: readonly TrialFigures[]): WayFigures[] =>
    pipelines.map((one) => ({ ...one, ...(option === undefined ? {} : { way: option }) }));
  return [
    ...named(chosen, own.length > 0 ? seen : kept),
    ...others.flatMap(({ option, pipelines }) => named(option, pipelines)),
  ];
}
