import { parseDuration } from '../../ci/schema/duration.ts';
import { counted, duration } from '../../text/format.ts';
import { secondsText } from '../measured.ts';
import type { KeptArtifacts } from '../survey.ts';
import { type ChangeInput, isWanted, nothing, type Proposal } from './model.ts';

const words = {
  name: 'expiry',
  title: 'Keep downloaded tools longer',
  tradeOff:
    'Jobs of the same pipeline that are started or run again later still find the tools. It saves no download in the next pipeline: artifacts belong to one. Costs storage until they expire.',
} as const;

/** docs.gitlab.com/ci/jobs/job_artifacts, “Keep artifacts from most recent successful jobs”. */
const latestText =
  'Nothing in the newest successful pipeline of a branch or tag: the project keeps the latest artifacts, whatever expire_in says.';

/** Whether artifacts expire before a time in seconds. */
export function expiresBefore({ expiresAfter }: KeptArtifacts, seconds: number): boolean {
  return expiresAfter !== undefined && expiresAfter > 0 && expiresAfter < seconds;
}

/** A longer `artifacts:expire_in` for the jobs that download tools. */
export function proposeExpiry(input: ChangeInput): Proposal {
  const { lifetimes, wanted, measures, keepsLatest } = input;
  const tools = lifetimes.artifacts.filter(({ isTools, job }) => isTools && isWanted(input, job));
  if (tools.length === 0) return nothing(words, 'impossible', 'no job keeps downloaded tools as artifacts');
  const seconds = wanted.expireIn === 'never' ? Number.POSITIVE_INFINITY : parseDuration(wanted.expireIn);
  if (seconds === undefined || seconds <= 0)
    return nothing(words, 'impossible', `${wanted.expireIn} is no duration: 1 week, 30 days, never`);
  const short = tools.filter((one) => expiresBefore(one, seconds));
  if (short.length === 0)
    return nothing(words, 'done', `every job keeps its tools for ${wanted.expireIn} or longer`);
  return {
    ...nothing(words, 'done', ''),
    state: 'open',
    because: short.map(({ job, expireIn = '' }) => `${job}: ${expireIn} → ${wanted.expireIn}`).join('; '),
    edits: short.map(({ job }) => ({
      kind: 'set',
      job,
      path: ['artifacts', 'expire_in'],
      yaml: wanted.expireIn,
    })),
    jobs: short.map(({ job }) => job),
    saves: [
      'No download of a later pipeline: artifacts belong to one pipeline, whenever they expire.',
      ...(keepsLatest === true ? [latestText] : []),
      ...short.map(({ job, usedBy, usedByHand, expiresAfter = 0 }) => {
        const rerun = secondsText(measures.get(job)?.durations);
        const users =
          usedBy.length === 0
            ? 'no job gets them'
            : `${counted(usedBy.length, 'job')} of its pipeline get them`;
        const byHand = usedByHand.length === 0 ? '' : `, ${usedByHand.join(', ')} by hand`;
        return `${job}: ${users}${byHand}; one that runs again after ${duration(expiresAfter)} saves a run of ${job}, ${rerun}.`;
      }),
    ],
  };
}
