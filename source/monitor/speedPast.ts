import { Failure } from '../core/failure.ts';
import type { Comparison } from '../core/gitlab/comparison.ts';
import type { Pipeline, PipelineJob, PipelineSummary } from '../core/gitlab/model.ts';
import { classify, type Predecessor } from '../core/speed/classify.ts';
import type { BuildFiles } from '../core/speed/files.ts';
import type { PastPipeline } from '../core/speed/past.ts';
import type { GitLab } from '../services/gitlab/types.ts';

/** Pipelines whose jobs are read, the newest. */
const most = 120;
/** Pipelines that are listed, so that those before the read ones are known. */
const listed = 200;
/** Pipelines that are read at once. */
const together = 3;

export type PastSource = Pick<
  GitLab,
  'pipelines' | 'pipeline' | 'jobs' | 'compare' | 'mergeRequestBase' | 'rateLimit'
>;

/** What was read once and does not change any more: pipelines, the jobs of ended ones, and comparisons of commits. */
export interface PastMemory {
  readonly pipelines: Map<string, Pipeline>;
  readonly jobs: Map<string, readonly PipelineJob[]>;
  readonly comparisons: Map<string, Comparison | undefined>;
}

export interface PastQuery {
  readonly ref?: string;
  /** Milliseconds since the epoch, by GitLab's clock. */
  readonly from: number;
  readonly files: Pick<BuildFiles, 'copied'>;
}

export interface Past {
  /** Oldest first. */
  readonly pipelines: readonly PastPipeline[];
  /** Since when they are complete: no earlier than the first pipeline that there is. Milliseconds since the epoch. */
  readonly since: number;
  /** Why it is not all that was asked for. */
  readonly notes: readonly string[];
}

const ended = new Set(['success', 'failed', 'canceled']);
/** What a tag usually looks like; a branch may, too. */
const tag = /^v?\d+\.\d/;
const mergeRequest = /^refs\/merge-requests\/(\d+)\//;

/**
 * Reads the pipelines of a window, newest first, each with its jobs and what changed in it: two or three requests each, 120
 * pipelines at most, and none any more when a tenth of GitLab's rate limit is all that is left.
 */
export async function readPast(
  gitlab: PastSource,
  { ref, from, files }: PastQuery,
  memory: PastMemory,
  signal?: AbortSignal,
): Promise<Past> {
  const all = await gitlab.pipelines({ limit: listed, ...(ref === undefined ? {} : { ref }) }, signal);
  const inWindow = all.filter(({ createdAt }) => Date.parse(createdAt) >= from);
  const over = inWindow.filter(({ status }) => ended.has(status));
  const wanted = over.slice(0, most);
  const notes: string[] = [];
  const read: PastPipeline[] = [];
  const isListWhole = all.length < listed;
  let gone = 0;
  for (let at = 0; at < wanted.length; at += together) {
    const left = gitlab.rateLimit();
    if (left && left.remaining < left.limit / 10) {
      notes.push(
        `Stopped after ${read.length} pipelines: ${left.remaining} of GitLab’s ${left.limit} requests are left.`,
      );
      break;
    }
    const some = wanted.slice(at, at + together);
    const around = { all, isListWhole, files };
    const found = await Promise.all(some.map((one) => readOne(gitlab, one, around, memory, signal)));
    for (const one of found)
      if (one) read.push(one);
      else gone += 1;
  }
  const oldest = read.at(-1);
  const isListCut = !isListWhole && inWindow.length === all.length;
  const isCut = oldest !== undefined && (read.length + gone < over.length || isListCut);
  if (isCut && notes.length === 0) notes.push(`Only the newest ${read.length} pipelines were read.`);
  const begun = isCut ? oldest.summary : isListWhole ? all.at(-1) : undefined;
  const since = begun ? Math.max(from, Date.parse(begun.createdAt)) : from;
  return { pipelines: read.reverse(), since, notes };
}

interface Around {
  /** Newest first. */
  readonly all: readonly PipelineSummary[];
  /** Nothing was before the oldest of them. */
  readonly isListWhole: boolean;
  readonly files: Pick<BuildFiles, 'copied'>;
}

/** Undefined for a pipeline that was deleted meanwhile. */
async function readOne(
  gitlab: PastSource,
  summary: PipelineSummary,
  around: Around,
  memory: PastMemory,
  signal: AbortSignal | undefined,
): Promise<PastPipeline | undefined> {
  const [jobs, { predecessor, isTag }] = await Promise.all([
    orGone(
      [404],
      remembered(memory.jobs, `${summary.id} ${summary.updatedAt}`, () => gitlab.jobs(summary.id, signal)),
    ),
    predecessorOf(gitlab, summary, around, memory, signal),
  ]);
  if (!jobs) return undefined;
  const comparison = predecessor.is === 'same' ? undefined : predecessor.comparison;
  const kind = classify({ source: summary.source, isTag }, predecessor, around.files);
  return { summary, jobs, ...kind, ...(comparison ? { comparison } : {}) };
}

/**
 * What the pipeline is compared with: where its merge request began; or the pipeline before it on its ref, or what its branch was
 * at before the push. Commits of a branch are compared as they are: a force push takes some away.
 */
async function predecessorOf(
  gitlab: PastSource,
  summary: PipelineSummary,
  { all, isListWhole }: Around,
  memory: PastMemory,
  signal: AbortSignal | undefined,
): Promise<{ readonly predecessor: Predecessor; readonly isTag: boolean }> {
  const { id, ref, sha, source } = summary;
  const older = all.filter((one) => one.id < id && one.ref === ref && one.status !== 'skipped');
  const [before] = older;
  const iid = mergeRequest.exec(ref)?.[1];
  const isAsked = iid === undefined && (!before || tag.test(ref));
  const whole = isAsked
    ? await orGone(
        [404],
        remembered(memory.pipelines, `${id}`, () => gitlab.pipeline(id, signal)),
      )
    : undefined;
  if (whole?.tag) return { predecessor: { is: 'not-known' }, isTag: true };
  if (older.some((one) => one.sha === sha)) return { predecessor: { is: 'same' }, isTag: false };
  const from = before?.sha ?? whole?.beforeSha;
  if (iid === undefined && from === undefined) {
    const isFirst = isListWhole || (whole !== undefined && source === 'push');
    return { predecessor: { is: isFirst ? 'none' : 'not-known' }, isTag: false };
  }
  const comparison = await remembered(memory.comparisons, `${iid ?? from} ${sha}`, async () => {
    const start = iid === undefined ? from : await gitlab.mergeRequestBase(Number(iid), signal);
    const straight = iid === undefined;
    return start === undefined
      ? undefined
      : orGone([403], gitlab.compare({ from: start, to: sha, straight }, signal));
  });
  if (before || iid === undefined) return { predecessor: { is: 'commit', comparison }, isTag: false };
  const is = isListWhole ? 'none' : 'not-known';
  return { predecessor: { is, ...(comparison ? { comparison } : {}) }, isTag: false };
}

/** Undefined where the answer has one of these statuses: what is not there any more, or what a role may not read. */
async function orGone<T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.status !== undefined && statuses.includes(thrown.status))
      return undefined;
    throw thrown;
  }
}

async function remembered<T>(memory: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const value = await read();
  memory.set(key, value);
  return value;
}
