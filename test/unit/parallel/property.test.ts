import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ResolvedJobSet } from '../../../source/core/ci/jobSet.ts';
import type { Job } from '../../../source/core/ci/model.ts';
import { simulate } from '../../../source/core/pipeline/simulate.ts';
import { errorsOf, namesOf, type Sets, setsOf, study } from './world.ts';

const stages = ['one', 'two', 'three', 'four'];

interface Drawn {
  readonly name: string;
  readonly stage: number;
  readonly keeps: 'files' | 'dotenv' | 'report' | 'nothing';
  readonly does: 'reads' | 'anything' | 'publishes' | 'nothing';
  readonly reads: readonly number[];
  readonly needs: readonly { at: number; artifacts: boolean; optional: boolean }[] | undefined;
  readonly rule: string | undefined;
  readonly when: 'on_success' | 'manual' | 'always';
  readonly isParallel: boolean;
  readonly seconds: number;
}

const rules = [
  'rules: [{if: $CI_COMMIT_BRANCH == "main"}]',
  'rules: [{if: $CI_COMMIT_TAG}]',
  'rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]',
  'rules: [{changes: [src/*]}]',
];

const drawn: fc.Arbitrary<Drawn[]> = fc
  .array(
    fc.record({
      stage: fc.nat(3),
      keeps: fc.constantFrom('files', 'files', 'dotenv', 'report', 'nothing'),
      does: fc.constantFrom('reads', 'reads', 'nothing', 'nothing', 'anything', 'publishes'),
      reads: fc.array(fc.nat(9), { maxLength: 2 }),
      needs: fc.option(
        fc.array(
          fc.record({
            at: fc.nat(9),
            artifacts: fc.boolean(),
            optional: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
          }),
          { maxLength: 3 },
        ),
        { nil: undefined },
      ),
      rule: fc.option(fc.constantFrom(...rules), { nil: undefined, freq: 2 }),
      when: fc.constantFrom('on_success', 'on_success', 'on_success', 'on_success', 'manual', 'always'),
      isParallel: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
      seconds: fc.integer({ min: 5, max: 400 }),
    }),
    { minLength: 3, maxLength: 9 },
  )
  .map((jobs) =>
    jobs
      .toSorted((a, b) => a.stage - b.stage)
      .map((job, index): Drawn => ({ ...job, name: `job${index}` }) as Drawn),
  );

function yaml(jobs: readonly Drawn[]): string {
  const text = jobs.map((job, index) => {
    const { name, stage, keeps, does, reads, rule, when, isParallel } = job;
    const others = reads.flatMap((at) => (at < index ? [`job${at}`] : []));
    const script = {
      reads: others.flatMap((other) => [`cat out/${other}/x`, `echo $KEY_${other}`]),
      anything: ['pytest'],
      publishes: ['npm publish'],
      nothing: [],
    }[does];
    const made = {
      files: [`artifacts: {paths: [out/${name}]}`],
      dotenv: ['artifacts: {reports: {dotenv: build.env}}'],
      report: ['artifacts: {paths: [report.xml], reports: {junit: report.xml}}'],
      nothing: [],
    }[keeps];
    const writes = keeps === 'dotenv' ? [`echo "KEY_${name}=1" >> build.env`] : [];
    const needs = needsOf(jobs, job, index)?.map(
      (need) => `{job: job${need.at}, artifacts: ${need.artifacts}, optional: ${need.optional}}`,
    );
    return [
      `${name}:`,
      `  stage: ${stages[stage]}`,
      `  script: ${JSON.stringify([...script, ...writes, 'echo'])}`,
      ...made.map((line) => `  ${line}`),
      ...(needs ? [`  needs: [${needs.join(', ')}]`] : []),
      ...(rule === undefined ? (when === 'on_success' ? [] : [`  when: ${when}`]) : [`  ${rule}`]),
      ...(isParallel ? ['  parallel: 2'] : []),
      '',
    ].join('\n');
  });
  return `stages: [${stages.join(', ')}]\nworkflow: {rules: [{when: always}]}\n${text.join('')}`;
}

function needsOf(jobs: readonly Drawn[], { needs, stage }: Drawn, index: number) {
  const seen = new Set<number>();
  return needs?.filter(
    ({ at }) => at < index && (jobs[at]?.stage ?? 9) <= stage && seen.size < seen.add(at).size,
  );
}

/** What a job downloads of whom, from the job set alone. */
function downloads({ jobs, configuration }: ResolvedJobSet, job: Job): Set<string> {
  const index = (stage: string): number => configuration.stages.indexOf(stage);
  if (job.needs) return new Set(job.needs.filter(({ artifacts }) => artifacts).map((need) => need.job));
  return new Set(jobs.filter(({ stage }) => index(stage) < index(job.stage)).map(({ name }) => name));
}

/** Whom a job waits for over any number of steps, manual jobs that may be left out only by name. */
function waitsFor(set: ResolvedJobSet, name: string, seen = new Set<string>()): Set<string> {
  const { jobs, configuration } = set;
  const index = (stage: string): number => configuration.stages.indexOf(stage);
  const job = jobs.find((one) => one.name === name);
  if (!job) return seen;
  const before =
    job.needs?.map((need) => need.job) ??
    jobs
      .filter(
        ({ stage, when, allowFailure }) =>
          index(stage) < index(job.stage) && !(when === 'manual' && allowFailure),
      )
      .map((one) => one.name);
  for (const other of before) {
    if (seen.has(other)) continue;
    seen.add(other);
    waitsFor(set, other, seen);
  }
  return seen;
}

function wallClock(set: ResolvedJobSet, jobs: readonly Drawn[], isLimited: boolean): number {
  const seconds = new Map(jobs.map((job) => [job.name, job.seconds]));
  const { stages: order } = set.configuration;
  const timed = set.jobs
    .map((job) => ({
      ...job,
      needs: job.needs?.map((need) => need.job) ?? null,
      duration: seconds.get(job.definition.name) ?? 0,
    }))
    .sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
  return simulate(order, timed, isLimited ? limited : undefined).wallClock;
}

const limited = [{ name: 'one', tags: [], runUntagged: true, concurrent: 2 }];

function expectNothingLost(jobs: readonly Drawn[], before: Sets, after: Sets): void {
  const known = new Set(errorsOf(before));
  expect(errorsOf(after).filter((error) => !known.has(error))).toEqual([]);
  expect(namesOf(after)).toEqual(namesOf(before));
  const drawnOf = new Map(jobs.map((job) => [job.name, job]));
  for (const [event, old] of before) {
    const now = after.get(event);
    if (!now) throw new Error(event);
    for (const job of old.jobs) {
      const mine = drawnOf.get(job.definition.name);
      const later = now.jobs.find(({ name }) => name === job.name);
      if (!mine || !later) throw new Error(job.name);
      const [had, has] = [downloads(old, job), downloads(now, later)];
      const lost = [...had].filter((other) => !has.has(other));
      const used = lost.filter((other) => {
        const maker = drawnOf.get(old.jobs.find(({ name }) => name === other)?.definition.name ?? '');
        if (maker?.keeps !== 'files' && maker?.keeps !== 'dotenv') return false;
        if (mine.does === 'anything') return true;
        return mine.does === 'reads' && mine.reads.some((at) => `job${at}` === maker.name);
      });
      expect(used, `${job.name} in ${event} loses files`).toEqual([]);
      if (mine.does !== 'publishes') continue;
      const gates = waitsFor(now, job.name);
      const open = [...waitsFor(old, job.name)].filter((other) => !gates.has(other));
      expect(open, `${job.name} in ${event} publishes without waiting`).toEqual([]);
    }
  }
}

test('whatever is proposed creates no error, changes no job set, loses nothing that is used, and costs no time', () => {
  let proposed = 0;
  fc.assert(
    fc.property(drawn, fc.boolean(), (jobs, isLimited) => {
      const text = yaml(jobs);
      const durations = Object.fromEntries(
        jobs.flatMap(({ name, isParallel, seconds }) =>
          (isParallel ? [`${name} 1/2`, `${name} 2/2`] : [name]).map((one) => [one, seconds]),
        ),
      );
      const one = study(text, { durations, ...(isLimited ? { runners: limited } : {}) });
      const { best, single } = one.found;
      for (const valued of single)
        if (valued.problems.length === 0) expectNothingLost(jobs, one.sets, setsOf(one.edit(valued.waits)));
      if (!best) return;
      proposed += 1;
      const after = setsOf(one.edit(best.waits));
      expectNothingLost(jobs, one.sets, after);
      let most = 0;
      for (const event of ['push', 'merge_request', 'tag', 'schedule'] as const) {
        const [old, now] = [one.sets.get(event), after.get(event)];
        if (!old || !now || old.errors.length > 0) continue;
        const gain = wallClock(old, jobs, isLimited) - wallClock(now, jobs, isLimited);
        expect(gain).toBeGreaterThanOrEqual(0);
        most = Math.max(most, gain);
      }
      expect(most).toBeGreaterThanOrEqual(10);
    }),
    { numRuns: 150, seed: 12 },
  );
  expect(proposed).toBeGreaterThan(10);
}, 60_000);
