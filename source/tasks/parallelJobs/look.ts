import type { PipelineEvent } from '../../core/ci/model.ts';
import { createPipelines, type Pipelines, usualWeights } from '../../core/parallel/pipelines.ts';
import { type SearchResult, searchMoves } from '../../core/parallel/search.ts';
import type { Weights } from '../../core/parallel/value.ts';
import { createWorld, type World } from '../../core/parallel/world.ts';
import { branchOf } from '../../core/plan/branch.ts';
import { type Past, readPast } from '../rollout/past.ts';
import { readCi } from '../rollout/reading.ts';
import type { Planning } from '../task.ts';
import { type Wanted, wantedOf } from './settings.ts';

export const taskName = 'parallel-jobs';

/** The configuration of the checkout, what past pipelines took, and the moves that are there. */
export interface Looked {
  readonly world: World;
  readonly pipelines: Pipelines;
  readonly past: Past;
  readonly found: SearchResult;
  readonly weights: Weights;
  readonly wanted: Wanted;
}

type Looking = Omit<Planning, 'choice'> & Partial<Pick<Planning, 'choice'>>;

const looks = new WeakMap<object, Map<string, Promise<Looked>>>();

/** Looks once for the same state of the world and the same settings: options, settings and the plan ask one after the other. */
export function lookAround(planning: Looking): Promise<Looked> {
  const wanted = wantedOf(planning.choice?.settings ?? {});
  const key = JSON.stringify([wanted.event, wanted.minimum]);
  const before = looks.get(planning.known) ?? new Map<string, Promise<Looked>>();
  looks.set(planning.known, before);
  const looked = before.get(key) ?? look(planning, wanted);
  before.set(key, looked);
  // What failed is tried again.
  looked.catch(() => before.delete(key));
  return looked;
}

async function look(planning: Looking, wanted: Wanted): Promise<Looked> {
  const { workspace, known, signal } = planning;
  const checkout = await workspace.openCheckout(signal);
  const entry = known.project.value?.ciConfigPath ?? '.gitlab-ci.yml';
  const { configuration, sets, files } = readCi(checkout, entry, { branch: branchOf(taskName) });
  const past = await readPast(planning);
  const world = createWorld(configuration, sets, files);
  const pipelines = createPipelines(world, past.history, past.fleet);
  const weights: Weights = wanted.event === undefined ? usualWeights : only(wanted.event);
  const found = searchMoves(world, pipelines, { weights, minimum: wanted.minimum });
  return { world, pipelines, past, found, weights, wanted };
}

function only(event: PipelineEvent): Weights {
  return { [event]: 1 };
}
