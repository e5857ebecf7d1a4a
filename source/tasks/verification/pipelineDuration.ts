import { NeedsUser } from '../../core/failure.ts';
import type { Pipeline } from '../../core/gitlab/model.ts';
import { summarize } from '../../core/statistics.ts';
import { duration } from '../../core/text/format.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Verification } from './model.ts';

/** The newest so many successful pipelines are compared. */
const compared = 12;

/** How long the newest pipeline of the default branch ran, beside those before it. */
export const pipelineDuration: Verification = {
  name: 'pipeline-duration',
  title: 'Duration of the pipeline',
  places: ['ci'],
  effect: () => 'none',
  commands: () => ['GET /projects/:id/pipelines?ref=DEFAULT_BRANCH&status=success, then each of them'],
  async run(context) {
    const { signal } = context;
    const gitlab = requireGitLab(context.workspace, 'look at the project’s pipelines');
    const { defaultBranch = 'main' } = await gitlab.project(signal);
    const found = await gitlab.pipelines({ ref: defaultBranch, limit: compared, status: 'success' }, signal);
    const pipelines: Pipeline[] = [];
    for (const { id } of found) pipelines.push(await gitlab.pipeline(id, signal));
    const timed = pipelines.filter(({ duration: seconds }) => seconds !== undefined);
    const [newest, ...before] = timed;
    const took = newest?.duration;
    if (!newest || took === undefined)
      throw new NeedsUser({
        tried: `measure the pipelines of ${defaultBranch}`,
        saw: 'none has succeeded yet',
        next: ['Run one: Build, Pipelines, New pipeline.'],
        code: 'no-pipeline',
      });
    const usual = summarize(before.flatMap(({ duration: seconds }) => seconds ?? []));
    const queued =
      newest.queuedDuration === undefined ? '' : `, after ${duration(newest.queuedDuration)} in the queue`;
    const against = usual
      ? `the ${usual.n} before it: median ${duration(usual.median)}, half of them between ${duration(usual.low)} and ${duration(usual.high)}`
      : 'none before it to compare with';
    return {
      state: 'passed',
      rung: 'proven',
      evidence: [
        {
          at: newest.finishedAt ?? newest.updatedAt ?? newest.createdAt,
          source: `pipeline ${newest.id} on ${newest.ref}`,
          saw: `ran ${duration(took)}${queued}; ${against}`,
        },
      ],
      numbers: {
        seconds: took,
        ...(usual ? { medianSeconds: usual.median, n: usual.n } : { n: 0 }),
        ...(newest.queuedDuration === undefined ? {} : { queuedSeconds: newest.queuedDuration }),
      },
    };
  },
};
