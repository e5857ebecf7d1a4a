import type { CheckoutFacts } from '../../core/checkout/facts.ts';
import type { Rung } from '../../core/evidence.ts';
import { isWasted } from '../../core/lifetimes/changes/cacheKey.ts';
import { expiresBefore } from '../../core/lifetimes/changes/expiry.ts';
import { keptDownloadName } from '../../core/lifetimes/keptDownload.ts';
import { type Lifetimes, lifetimesOf } from '../../core/lifetimes/survey.ts';
import { counted } from '../../core/text/format.ts';
import { fileEvidence, idsOf } from '../probe.ts';
import { type Known, type Probe, unread } from '../task.ts';

const week = 7 * 86_400;

/** Each state of the files is looked through once. */
const surveys = new WeakMap<CheckoutFacts, Lifetimes>();

/** What the files say: how long tools are kept, and whether caches are found again. */
export function probe(known: Known): Probe {
  const { facts } = known;
  if (!facts?.configuration) return unread;
  const lifetimes = surveyOf(facts);
  const { artifacts, caches } = lifetimes;
  const tools = artifacts.filter(({ isTools }) => isTools);
  const areStored = isStored(facts);
  const short = tools.filter((one) => expiresBefore(one, week));
  const sharing = { lifetimes, configuration: facts.configuration };
  const unshared = caches.filter((cache) => isWasted(cache, sharing));
  const aspects = [
    ...(tools.length > 0 || areStored ? [short.length === 0] : []),
    ...(caches.length > 0 ? [unshared.length === 0] : []),
  ];
  const saw = [
    ...tools.map(({ job, expireIn }) => `${job} keeps its tools ${expireIn ?? 'as long as the server does'}`),
    ...(areStored ? ['downloads are kept in the package registry'] : []),
    ...(caches.length === 0
      ? ['no job has a cache']
      : unshared.length === 0
        ? [`${counted(caches.length, 'cache')} under keys that are found again`]
        : [`${unshared.map(({ job }) => job).join(', ')} keep a cache for one job or one run alone`]),
  ];
  return {
    rung: rungOf(aspects),
    evidence: fileEvidence(known, saw.join('; ')),
    findings: idsOf(facts.checks, 'cache-never-hits', 'cache-ignores-lock', 'artifacts-expire-early'),
  };
}

/** Whether downloads are kept in the package registry. */
export function isStored({ files }: CheckoutFacts): boolean {
  return [...files].some((path) => path.endsWith(keptDownloadName));
}

/** From the files alone: whether it works, only logs show. */
function rungOf(aspects: readonly boolean[]): Rung {
  const fine = aspects.filter(Boolean).length;
  if (fine === 0) return 'absent';
  return fine === aspects.length ? 'valid' : 'present';
}

/** Of the configuration; scripts of the checkout are not read. */
export function surveyOf(facts: CheckoutFacts): Lifetimes {
  const known = surveys.get(facts);
  if (known) return known;
  const files = { read: () => undefined, list: () => [...facts.files] };
  const found = facts.configuration
    ? lifetimesOf({ configuration: facts.configuration, sets: facts.sets, files })
    : { caches: [], artifacts: [], downloads: [] };
  surveys.set(facts, found);
  return found;
}
