import * as z from 'zod';
import { Refused } from '../../core/failure.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import { type TrialFigures, trialText } from '../../core/plan/trialRun.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Workspace } from '../../services/workspace.ts';
import { unlessForbidden } from '../engine/forbidden.ts';
import type { Probes, Readiness } from '../readiness.ts';
import { measureTrial, type TrialRun } from './measure.ts';

/** What the steps of a trial wait for; each task that changes the CI configuration has them. */
export const rolloutProbes: Probes = {
  'branch-lints': async (workspace, settings, signal) => {
    const { branch = '' } = settings;
    const gitlab = requireGitLab(workspace, 'look at the pipelines of a branch');
    if (!(await gitlab.branch(branch, signal)))
      return { isReady: false, saw: `there is no branch ${branch}` };
    const lint = await gitlab.lint({ ref: branch, dryRun: true }, signal).catch(unlessForbidden);
    if (!lint) return { isReady: true, saw: 'GitLab does not let this token lint the branch' };
    if (!lint.valid) throw stopped(`lint ${branch}`, lint.errors.join('; '));
    const names = lint.jobs.map(({ name }) => name);
    const difference = names.length === 0 ? undefined : differsFrom(names, listOf(settings.push));
    if (difference !== undefined)
      throw stopped(`lint ${branch}`, `GitLab would make other jobs: ${difference}`);
    const others = await dryRuns(gitlab, branch, settings.refs, signal);
    return {
      isReady: true,
      saw: [`GitLab finds it valid${names.length > 0 ? `, with ${names.length} jobs` : ''}`, ...others].join(
        '; ',
      ),
    };
  },
  'merge-request-jobs': mergeRequestJobs,
  'pipeline-ended': async (workspace, settings, signal) => {
    const { branch = '', count = '1' } = settings;
    const gitlab = requireGitLab(workspace, 'look at the pipelines of a branch');
    const jobs = listOf(settings.jobs);
    const runs = await measureTrial(gitlab, { branch, jobs, marks: marksOf(settings.marks) }, signal);
    const run = runs[Number(count) - 1];
    if (run) return judgeRun(run, branch, settings);
    // The step before has seen it: it was deleted since, or its branch was.
    const isThere = (await gitlab.branch(branch, signal)) !== undefined;
    throw stopped(
      `try ${branch}`,
      isThere ? 'the pipeline is gone: somebody deleted it, or pushed to the branch' : 'the branch is gone',
    );
  },
};

/** Errors of a dry run that say nothing of the configuration: the ref is not on the server, or the role may not run it. */
const notOfFiles = /permission|protected|not found|does not exist/i;

/** What GitLab would make of the branch's files on other refs, held against what was predicted for them; a line each. */
async function dryRuns(
  gitlab: GitLab,
  branch: string,
  refs: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const said: string[] = [];
  for (const [as, expected] of Object.entries(refsShape.parse(JSON.parse(refs ?? '{}')))) {
    if (expected.length === 0) continue;
    const lint = await gitlab.lint({ ref: branch, dryRun: true, as }, signal).catch(unlessForbidden);
    if (!lint || (!lint.valid && lint.errors.some((error) => notOfFiles.test(error)))) {
      said.push(`what ${as} would get is predicted from the files alone`);
      continue;
    }
    if (!lint.valid) throw stopped(`lint ${branch} as ${as}`, lint.errors.join('; '));
    const names = lint.jobs.map(({ name }) => name);
    const difference = names.length === 0 ? undefined : differsFrom(names, expected);
    if (difference !== undefined)
      throw stopped(`lint ${branch} as ${as}`, `GitLab would make other jobs: ${difference}`);
    said.push(`on ${as} it would have the ${expected.length} jobs that were predicted`);
  }
  return said;
}

/** A pipeline of a merge request, and whether it has the jobs that were predicted; where none is to come, none is waited for. */
async function mergeRequestJobs(
  workspace: Workspace,
  settings: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Readiness> {
  const { branch = '', onto = '' } = settings;
  const gitlab = requireGitLab(workspace, 'look at the pipelines of a branch');
  const requests = await gitlab.mergeRequests({ source: branch, target: onto }, signal);
  const request = requests.find(({ state }) => state === 'opened') ?? requests[0];
  if (!request) return { isReady: false, saw: `there is no merge request of ${branch}` };
  if (request.state !== 'opened') return { isReady: true, saw: `!${request.iid} is ${request.state}` };
  const expected = listOf(settings.jobs);
  const ref = `refs/merge-requests/${request.iid}/head`;
  const [newest] = await gitlab.pipelines({ ref, limit: 1 }, signal);
  if (!newest) return { isReady: expected.length === 0, saw: `!${request.iid} has no pipeline of its own` };
  const names = (await gitlab.jobs(newest.id, signal)).map(({ name }) => name);
  const difference = differsFrom(names, expected);
  if (difference !== undefined)
    throw stopped(
      `propose ${branch}`,
      `pipeline #${newest.id} of !${request.iid} has other jobs than predicted: ${difference}`,
    );
  return {
    isReady: true,
    saw: `pipeline #${newest.id} of !${request.iid} has the ${names.length} jobs that were predicted`,
  };
}

function judgeRun(run: TrialRun, branch: string, settings: Readonly<Record<string, string>>): Readiness {
  const expected = listOf(run.source === 'push' ? settings.push : settings.web);
  const difference = differsFrom(run.names, expected);
  const tried = `try ${branch}`;
  if (difference !== undefined)
    throw stopped(tried, `pipeline #${run.pipeline} has other jobs than predicted: ${difference}`);
  if (!hasEnded(run.status)) return { isReady: false, saw: progressText(run) };
  const figures = figuresOf(run);
  const end = (saw: string): Readiness => ({ isReady: false, saw, figures, stop: stopped(tried, saw) });
  const failed = run.jobs.filter(({ status }) => status === 'failed');
  if (failed.length > 0)
    return end(
      `${failed.map(({ name }) => name).join(', ')} failed in pipeline #${run.pipeline} ${run.webUrl}`,
    );
  const ran = run.jobs.filter(({ status }) => status === 'success');
  if (run.jobs.length > 0 && ran.length === 0) return end(`none of the changed jobs ran: ${trialText(run)}`);
  return { isReady: true, saw: trialText(run), figures };
}

function figuresOf({ pipeline, status, wallClock, jobs }: TrialRun): TrialFigures {
  return { pipeline, status, ...(wallClock === undefined ? {} : { wallClock }), jobs };
}

/** How far a pipeline is; jobs that no runner takes are named, since it may wait for them for ever. */
function progressText({ pipeline, status, ended, pending, names }: TrialRun): string {
  const waiting = pending.length > 0 ? `; waiting for a runner: ${pending.slice(0, 3).join(', ')}` : '';
  return `pipeline #${pipeline} is ${status}: ${ended} of ${names.length} jobs have ended${waiting}`;
}

/** How names differ from those expected; undefined when they are the same. */
function differsFrom(names: readonly string[], expected: readonly string[]): string | undefined {
  const more = names.filter((name) => !expected.includes(name));
  const less = expected.filter((name) => !names.includes(name));
  if (more.length + less.length === 0) return undefined;
  return [...more.map((name) => `+${name}`), ...less.map((name) => `-${name}`)].join(', ');
}

const namesShape = z.array(z.string());
const refsShape = z.record(z.string(), namesShape);
const marksShape = z.array(
  z.object({ job: z.string(), pattern: z.string(), with: z.string().optional(), shows: z.string() }),
);

function listOf(json: string | undefined): readonly string[] {
  return json === undefined ? [] : namesShape.parse(JSON.parse(json));
}

function marksOf(json: string | undefined) {
  return json === undefined ? [] : marksShape.parse(JSON.parse(json));
}

function stopped(tried: string, saw: string): Refused {
  return new Refused({
    tried,
    saw,
    next: [
      'Look at the pipeline on GitLab. To go on all the same: resume.',
      'To take the branch back: undo. Nothing else was changed.',
      'To try another way instead: plan that with the target trial; it ends this one.',
    ],
    code: 'not-as-predicted',
  });
}
