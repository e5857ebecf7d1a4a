import { known } from '../known.ts';
import { wallClock } from '../pipeline/wallClock.ts';
import { agreesBetween, type Predicted, predictedText } from '../plan/predicted.ts';
import { duration } from '../text/format.ts';
import { measure, neededRuns } from './measure.ts';
import type { Change, JudgedPrediction, Measured, Run } from './model.ts';
import { createdAt, type PastPipeline, type SpeedInput } from './past.ts';
import { isSince } from './since.ts';
import { isTrial } from './trial.ts';

/**
 * The changes of tasks with what was predicted of each beside what whole pipelines took before and since: successful ones of the
 * same event, those of documents alone left out, up to the next task's change.
 */
export function withPredictions(changes: readonly Change[], input: SpeedInput): Change[] {
  const tasks = changes.filter(({ source, pending }) => source === 'task' && pending === undefined);
  return changes.map((change) => {
    const { predicted = [] } = input.applied.find(({ run }) => change.id === `task/${run}`) ?? {};
    if (predicted.length === 0) return change;
    const at = Date.parse(change.at);
    const others = tasks.map((one) => Date.parse(one.at));
    const from = Math.max(Number.NEGATIVE_INFINITY, ...others.filter((other) => other < at));
    const to = Math.min(Number.POSITIVE_INFINITY, ...others.filter((other) => other > at));
    return {
      ...change,
      predicted: predicted.map((one) => {
        const runs = runsOf(one.event, input);
        const [before, after] = [
          runs.filter((run) => run.at >= from && run.at < at),
          runs.filter((run) => isSince(run, change) && run.at < to),
        ];
        return judge(one, measure(before), change.pending === undefined ? measure(after) : null);
      }),
    };
  });
}

function judge(predicted: Predicted, before: Measured | null, measured: Measured | null): JudgedPrediction {
  const sides = { ...predicted, measuredBefore: before, measured };
  const between = agreesBetween(predicted);
  if (!measured || measured.n < neededRuns) {
    const n = measured?.n ?? 0;
    return { ...sides, verdict: 'not-yet', because: `not yet: ${n} of ${neededRuns} pipelines since` };
  }
  const took = `median ${duration(measured.median)} of N ${measured.n}`;
  if (!between)
    return { ...sides, verdict: 'not-judged', because: `${took}; the prediction had no interval` };
  const range = `${duration(between[0])} to ${duration(between[1])}`;
  const isWithin = measured.median >= between[0] && measured.median <= between[1];
  return isWithin
    ? { ...sides, verdict: 'within', because: `${took} is within the predicted ${range}` }
    : { ...sides, verdict: 'outside', because: `${took} contradicts the prediction of ${range}` };
}

function runsOf(event: Predicted['event'], input: SpeedInput): Run[] {
  return input.pipelines.flatMap((pipeline) => {
    const { summary, jobs, kind, lacks } = pipeline;
    const isMeant = summary.status === 'success' && kind !== 'docs' && eventOf(pipeline, input) === event;
    const seconds = isMeant && !isTrial(pipeline, input) ? wallClock(jobs) : undefined;
    return seconds === undefined
      ? []
      : [
          {
            pipeline: summary.id,
            ref: summary.ref,
            at: createdAt({ summary }),
            ...known({ lacks }),
            seconds,
            queue: 0,
          },
        ];
  });
}

function eventOf(
  { summary: { ref, source } }: PastPipeline,
  { defaultBranch }: Pick<SpeedInput, 'defaultBranch'>,
): Predicted['event'] | undefined {
  if (ref.startsWith('refs/merge-requests/')) return 'merge_request';
  if (ref === defaultBranch) return source === 'push' ? 'push' : undefined;
  return /^v?\d+\.\d/.test(ref) ? 'tag' : undefined;
}

/** Predicted, then measured, on one line each. */
export function predictionTexts(judged: JudgedPrediction): { predicted: string; measured: string } {
  const { measuredBefore: before, measured, because, verdict } = judged;
  const side = ({ median, low, high, n }: Measured): string =>
    `${duration(median)} (${low === high ? '' : `${duration(low)} to ${duration(high)}, `}N ${n})`;
  const numbers =
    before && measured ? `${side(before)} → ${side(measured)}` : measured ? side(measured) : undefined;
  const said = verdict === 'outside' ? because : verdict === 'within' ? 'as predicted' : because;
  return {
    predicted: predictedText(judged),
    measured: numbers === undefined ? said : `${numbers}: ${said}`,
  };
}
