import * as z from 'zod';
import { Refused } from '../../core/failure.ts';
import { hasEnded } from '../../core/pipeline/timing.ts';
import { type TrialFigures, trialText } from '../../core/plan/trialRun.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Workspace } from '../../services/workspace.ts';
import { unlessForbidden } from '../engine/forbidden.ts';
import type { Probes, Readiness } from '../readiness.ts';
import { differsFrom, dryRuns } from './dryRuns.ts';
import { measureTrial, type TrialRun } from './measure.ts';

/** What the steps of a trial wait for; each task that changes the CI configuration has them. */
export const rolloutProbes: Probes = {
  'branch-lints': async (workspace, settings, signal) => {
    const { branch = '' } = settings;
    const gitlab = requireGitLab(workspace, 'look at the pipelines of a branch');
    if (!(await gitlab.branch(branch, signal))) return goneBranch(gitlab, settings, signal);
    const expected = listOf(settings.push);
    // Where a branch gets no pipeline, a dry run for it only says so.
    const lint = await gitlab
      .lint({ ref: branch, dryRun: expected.length > 0 }, signal)
      .catch(unlessForbidden);
    if (!lint) return { isReady: true, saw: 'GitLab does not let this token lint the branch' };
    if (!lint.valid) throw stopped(`lint ${branch}`, lint.errors.join('; '));
    const names = expected.length === 0 ? [] : lint.jobs.map(({ name }) => name);
    const difference = names.length === 0 ? undefined : differsFrom(names, expected);
    if (difference !== undefined)
      throw stopped(`lint ${branch}`, `GitLab would make other jobs: ${difference}`);
    const { said, wrong } = await dryRuns(
      (as) => gitlab.lint({ ref: branch, dryRun: true, as }, signal),
      refsShape.parse(JSON.parse(settings.refs ?? '{}')),
    );
    if (wrong) throw stopped(`lint ${branch} as ${wrong.as}`, wrong.saw);
    return {
      isReady: true,
      saw: [`GitLab finds it valid${names.length > 0 ? `, with ${names.length} jobs` : ''}`, ...said].join(
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

/** Without the branch there is nothing to wait for once its merge request is over. */
async function goneBranch(
  gitlab: GitLab,
  { branch = '', onto = '' }: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Readiness> {
  const [newest] = onto === '' ? [] : await gitlab.mergeRequests({ source: branch, target: onto }, signal);
  return newest && newest.state !== 'opened'
    ? { isReady: true, saw: `the branch ${branch} is gone, and !${newest.iid} is ${newest.state}` }
    : { isReady: false, saw: `there is no branch ${branch}` };
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
  const predicted = settings.expected && expectedShape.safeParse(JSON.parse(settings.expected)).data;
  const figures = { ...figuresOf(run), ...(predicted ? { expected: predicted } : {}) };
  const end = (saw: string): Readiness => ({ isReady: false, saw, figures, stop: stopped(tried, saw) });
  const failed = run.jobs.filter(({ status }) => status === 'failed');
  if (failed.length > 0)
    return end(
      `${failed.map(({ name }) => name).join(', ')} failed in pipeline #${run.pipeline} ${run.webUrl}`,
    );
  const ran = run.jobs.filter(({ status }) => status === 'success');
  if (run.jobs.length > 0 && ran.length === 0) return end(`none of the changed jobs ran: ${trialText(run)}`);
  return { isReady: true, saw: trialText(figures), figures };
}

function figuresOf({ pipeline, status, wallClock, jobs }: TrialRun): TrialFigures {
  return { pipeline, status, ...(wallClock === undefined ? {} : { wallClock }), jobs };
}

/** How far a pipeline is; jobs that no runner takes are named, since it may wait for them for ever. */
function progressText({ pipeline, status, ended, pending, names }: TrialRun): string {
  const waiting = pending.length > 0 ? `; waiting for a runner: ${pending.slice(0, 3).join(', ')}` : '';
  return `pipeline #${pipeline} is ${status}: ${ended} of ${names.length} jobs have ended${waiting}`;
}

const namesShape = z.array(z.string());
const expectedShape = z.object({
  before: z.number(),
  wallClock: z.number(),
  jobs: z.record(z.string(), z.number()),
});
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
      'Look at the pipeline on GitLab, and at what changed there. Once that is mended: resume, which looks again.',
      'To take the branch back: undo. Nothing else was changed.',
      'To try another way instead: plan that with the target trial; it ends this one.',
    ],
    code: 'not-as-predicted',
  });
}
