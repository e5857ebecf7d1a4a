import { summarize } from '../statistics.ts';
import { counted } from '../text/format.ts';
import { windowOf } from './measure.ts';
import type { CostRow } from './model.ts';
import { createdAt, type SpeedInput } from './past.ts';
import { plannedCosts } from './plan.ts';
import { runnerSeconds } from './time.ts';
import { type Stretch, weekly, wholeDays } from './weeks.ts';

const weeksInMonth = 52 / 12;

/** What the pipelines and caches use, next to what the plan says they cost. Money only with a price. */
export function costOf(input: SpeedInput): CostRow[] {
  return [...runnerRows(input), ...storageRows(input), ...claims()];
}

function runnerRows({ pipelines, now, since, prices }: SpeedInput): CostRow[] {
  const used = pipelines.map((pipeline) => ({
    at: createdAt(pipeline),
    minutes: runnerSeconds(pipeline.jobs) / 60,
  }));
  const one = summarize(used.map(({ minutes }) => minutes));
  const window = windowOf(used.map(({ at }) => at));
  const minutesOf = (week: Stretch): number =>
    used.reduce((sum, { at, minutes }) => sum + (at >= week.since && at < week.now ? minutes : 0), 0);
  const weeks = one ? weekly({ since, now }, (week) => ({ value: minutesOf(week) })) : null;
  const perPipeline: CostRow = {
    id: 'runner-minutes-pipeline',
    title: 'Runner minutes of a pipeline',
    unit: 'minutes',
    value: one?.median ?? null,
    ...(one && window ? { spread: { low: one.low, high: one.high }, n: one.n, window } : {}),
    because: one ? `all jobs together, median of ${counted(one.n, 'pipeline')}` : 'no pipeline ended',
  };
  const perWeek: CostRow = {
    id: 'runner-minutes-week',
    title: 'Runner minutes in a week',
    unit: 'minutes',
    value: weeks?.median ?? null,
    ...(weeks ? { spread: { low: weeks.low, high: weeks.high }, n: weeks.n, window: weeks.window } : {}),
    because: weeks
      ? `median of ${counted(weeks.n, 'whole week')}`
      : one
        ? `not yet: ${wholeDays({ since, now })} of 7 days`
        : 'no pipeline ended',
    ...(weeks && prices.minute !== undefined
      ? { perMonth: weeks.median * weeksInMonth * prices.minute }
      : {}),
  };
  return [perPipeline, perWeek];
}

function storageRows({ pipelines, now, storage, prices }: SpeedInput): CostRow[] {
  const money = (bytes: number): { perMonth?: number } =>
    prices.gigabyte === undefined ? {} : { perMonth: (bytes / 1e9) * prices.gigabyte };
  const kept = pipelines.map(({ jobs }) =>
    jobs.reduce((sum, { artifacts, artifactsExpireAt }) => {
      const isGone = artifactsExpireAt !== undefined && Date.parse(artifactsExpireAt) <= now;
      return isGone ? sum : sum + artifacts.reduce((all, { size }) => all + size, 0);
    }, 0),
  );
  const artifacts = kept.reduce((sum, size) => sum + size, 0);
  const { registryCache, bazelRemote } = storage;
  return [
    {
      id: 'artifacts',
      title: 'Artifacts',
      unit: 'bytes',
      value: kept.length === 0 ? null : artifacts,
      ...(kept.length === 0 ? {} : { n: kept.length, ...money(artifacts) }),
      because:
        kept.length === 0
          ? 'no pipeline ended'
          : `with logs, not expired, of ${counted(kept.length, 'pipeline')}`,
    },
    {
      id: 'registry-cache',
      title: 'Layer cache in the registry',
      unit: 'bytes',
      value: registryCache ?? null,
      because: registryCache === undefined ? 'not known: GitLab did not tell its size' : 'as GitLab tells it',
      ...(registryCache === undefined ? {} : money(registryCache)),
    },
    {
      id: 'bazel-remote',
      title: 'bazel-remote',
      unit: 'bytes',
      claim: plannedCosts.bazelRemote,
      value: bazelRemote?.used ?? null,
      because: bazelRemote ? 'as the server tells it' : 'not known: no server answered',
      ...(bazelRemote ? money(bazelRemote.used) : {}),
    },
  ];
}

/** The plan's money, which nobody measured. */
function claims(): CostRow[] {
  const claim = (id: string, title: string, text: string): CostRow => ({
    id,
    title,
    unit: 'money',
    claim: text,
    value: null,
    because: 'the plan’s claim',
  });
  return [
    claim('attic', 'Attic cache', plannedCosts.attic),
    claim('disk-cache', 'GitLab disk cache', plannedCosts.disk),
    claim('total', 'Total', plannedCosts.total),
  ];
}
