import { groupName } from '../pipeline/group.ts';
import type { RowId, Run } from './model.ts';
import { jobRuns, pipelineRuns, type SpeedInput } from './past.ts';
import { type PlannedRow, plannedRows } from './plan.ts';
import { isTrial } from './trial.ts';

/** What was timed for a row, oldest first; runs of jobs with their names. */
export interface Series {
  readonly id: RowId;
  readonly title: string;
  readonly runs: readonly (Run & { readonly name?: string })[];
}

/** Names of jobs that build an image, where the configuration was not read. */
const imageJob = /(?:container|docker|image|kaniko|buildah).*build|build.*(?:container|docker|image)/i;
const downloadJob = /(?:^|[^a-z])downloads?(?:[^a-z]|$)/i;

/** What was timed for each row of the plan, without the pipelines that tried a change out. */
export function seriesOf(all: SpeedInput): Series[] {
  const input = { ...all, pipelines: all.pipelines.filter((one) => !isTrial(one, all)) };
  return plannedRows.map((planned) => ({
    id: planned.id,
    title: planned.title,
    runs: runsOf(planned, input),
  }));
}

function runsOf({ kind, id }: PlannedRow, { pipelines, imageJobs }: SpeedInput): Series['runs'] {
  if (kind !== undefined) return pipelineRuns(pipelines.filter((one) => one.kind === kind));
  if (id === 'tool-downloads') return jobRuns(pipelines, (name) => downloadJob.test(name));
  return jobRuns(pipelines, (name) =>
    imageJobs ? imageJobs.has(name) || imageJobs.has(groupName(name)) : imageJob.test(name),
  );
}
