import type { CheckoutFacts } from '../core/checkout/facts.ts';
import type { JobDefinition } from '../core/ci/model.ts';
import type { Evidence, Finding } from '../core/evidence.ts';
import type { PipelineStatus } from '../core/gitlab/model.ts';
import { duration } from '../core/text/format.ts';
import type { Known, Probe } from './task.ts';

/** Jobs of the configuration by name. */
export function jobsOf(facts: CheckoutFacts, matches: (name: string) => boolean): JobDefinition[] {
  return [...(facts.configuration?.jobs.values() ?? [])].filter(({ name }) => matches(name));
}

/** One line of evidence from the checkout's files. */
export function fileEvidence({ facts, now }: Known, saw: string): Evidence[] {
  return [{ at: facts?.readAt ?? now, source: 'files of the checkout', saw }];
}

/** The last run of a job in the pipeline that is looked at, as evidence; undefined when it is not in it. */
export function lastRun(
  { pipeline, now }: Known,
  name: string,
): { status: PipelineStatus; evidence: Evidence[] } | undefined {
  const view = pipeline.value;
  const job = view?.jobs.find((one) => one.name === name || one.name.startsWith(`${name} `));
  if (!view || !job) return undefined;
  const took = job.duration === undefined ? '' : ` after ${duration(job.duration)}`;
  const source = `pipeline ${view.pipeline.id} on ${view.pipeline.ref}`;
  return {
    status: job.status,
    evidence: [{ at: job.finishedAt ?? now, source, saw: `${job.name}: ${job.status}${took}` }],
  };
}

/** The probe of a task that stands where a cache stands. */
export function likeCache({ caches }: Known, id: string): Probe {
  const row = caches.find((cache) => cache.id === id);
  return row
    ? { rung: row.rung, evidence: row.evidence, findings: row.findings }
    : { rung: 'unknown', evidence: [], findings: [] };
}

/** Ids of findings by their rule. */
export function idsOf(findings: readonly Finding[], ...rules: readonly string[]): string[] {
  return findings.filter(({ rule }) => rules.includes(rule)).map(({ id }) => id);
}
