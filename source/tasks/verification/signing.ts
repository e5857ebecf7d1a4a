import { Unavailable } from '../../core/failure.ts';
import type { SigningJob } from '../../core/signing/jobs.ts';
import { duration } from '../../core/text/format.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Verdict, Verification } from './model.ts';

/** What the last jobs that sign and notarize said. */
export const signing: Verification = {
  name: 'signing',
  title: 'macOS signing and notarization',
  places: ['ci'],
  effect: () => 'none',
  commands: () => ['the logs of the last jobs that sign or notarize'],
  run(context) {
    requireGitLab(context.workspace, 'look at the project’s pipelines');
    const { signingJobs } = context.known;
    const ended = (signingJobs.value ?? []).filter(
      ({ job: { status } }) => status === 'success' || status === 'failed',
    );
    const last = newestOfEach(ended);
    if (last.length > 0) return Promise.resolve(verdictOf(last));
    const waiting = signingJobs.value?.find(({ job: { status } }) => status === 'manual');
    throw new Unavailable({
      tried: 'find the last signing job',
      saw:
        signingJobs.failure?.saw ??
        (waiting ? `${waiting.job.name} waits to be started by hand` : 'none has run'),
      next: [
        waiting
          ? `Start it: ${waiting.job.webUrl}`
          : 'Push a tag that is released, or start the job by hand on GitLab.',
      ],
      code: 'no-signing-job',
    });
  },
};

/** The newest run of each job that signs or notarizes. */
function newestOfEach(jobs: readonly SigningJob[]): SigningJob[] {
  const newest = new Map<string, SigningJob>();
  for (const one of jobs) {
    const known = newest.get(one.job.name);
    if (!known || known.job.id < one.job.id) newest.set(one.job.name, one);
  }
  return [...newest.values()].sort((a, b) => b.job.id - a.job.id);
}

function verdictOf(jobs: readonly SigningJob[]): Verdict {
  const isWell = jobs.every(
    ({ job: { status }, verdict }) =>
      status === 'success' && (verdict === undefined || verdict === 'accepted'),
  );
  const isAccepted = jobs.some(({ verdict }) => verdict === 'accepted');
  return {
    state: isWell ? 'passed' : 'failed',
    rung: isWell ? (isAccepted ? 'proven' : 'reachable') : 'present',
    evidence: jobs.map(({ job, pipeline, verdict }) => {
      const took = job.duration === undefined ? '' : ` after ${duration(job.duration)}`;
      const means =
        verdict === undefined
          ? ''
          : verdict === 'accepted'
            ? '; Apple accepted it'
            : `; ${verdict.means}. ${verdict.fix}`;
      return {
        at: job.finishedAt ?? job.createdAt,
        source: `log of ${job.name} in pipeline ${pipeline.id} on ${pipeline.ref}`,
        saw: `${job.status}${took}${means}`,
      };
    }),
    numbers: { jobs: jobs.length },
  };
}
