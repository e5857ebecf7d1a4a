import type { Commit } from '../../checkout/objects.ts';
import { AnswerError, json } from '../../http/answer.ts';
import { isBridge } from '../model/bridges.ts';
import type { MergeRequest } from '../model/mergeRequests.ts';
import { type Group, groups, project } from '../model/places.ts';
import type { JobRun, PipelineRun } from '../model/runs.ts';
import { type Context, notFound } from './context.ts';

/** The project that an id or a path names. Throws 404, also for those who may not see it. */
export function projectOf({ token }: Context, id: string | undefined): typeof project {
  const isIt = id === String(project.id) || id?.toLowerCase() === project.path;
  if (!isIt || token.access === 0) throw notFound('Project');
  return project;
}

/** The group that an id or a path names. Throws 404. */
export function groupOf({ token }: Context, id: string | undefined): Group {
  const group = groups.find((one) => id === String(one.id) || id?.toLowerCase() === one.path);
  if (!group || token.access === 0) throw notFound('Group');
  return group;
}

/** Grape takes only numbers where it wants one. */
function needNumber(text: string | undefined, name: string): void {
  if (!/^\d+$/.test(text ?? '')) throw new AnswerError(json({ error: `${name} is invalid` }, 400));
}

export function mergeRequestOf({ world }: Context, iid: string | undefined): MergeRequest {
  const found = world.mergeRequests.find((one) => String(one.iid) === iid);
  if (!found) throw notFound();
  return found;
}

export function pipelineOf(context: Context, id: string | undefined): PipelineRun {
  needNumber(id, 'pipeline_id');
  const found = context.world.engine.pipelines.find((one) => String(one.id) === id);
  if (!found) throw notFound();
  return found;
}

/** A job that a runner takes; bridges are no jobs to most of the API. */
export function jobOf(context: Context, id: string | undefined): JobRun {
  const found = processableOf(context, id);
  if (isBridge(found)) throw notFound();
  return found;
}

/** A job or a bridge. */
export function processableOf(context: Context, id: string | undefined): JobRun {
  needNumber(id, 'job_id');
  const found = context.world.engine.jobs.get(Number(id));
  if (!found) throw notFound();
  return found;
}

/** The commit that a ref names. Throws 404. */
export function commitOf({ world }: Context, ref: string, what = 'Commit'): Commit {
  const name = ref === 'HEAD' || ref === '' ? project.defaultBranch : ref;
  const found = world.repository.find(name);
  if (!found) throw notFound(what);
  return found;
}
