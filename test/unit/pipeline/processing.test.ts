import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jobSet } from '../../../source/core/ci/jobSet.ts';
import { get, textOf } from '../../../source/core/ci/yaml/node.ts';
import { PipelineMachine } from '../../../source/core/pipeline/machine.ts';

interface State {
  readonly pipeline: string;
  readonly stages: Record<string, string>;
  readonly jobs: Record<string, string>;
}
interface Case {
  readonly config: object;
  readonly init: { readonly expect: State };
  readonly transitions: readonly {
    readonly event: string;
    readonly jobs?: readonly string[];
    readonly expect: State;
  }[];
}

const data = process.env.HUSKYCAT_TEST_DATA;
const folder = join(data ?? '', 'ci-cases', 'processing');
const names = data ? readdirSync(folder) : [];

function machineOf(config: object): PipelineMachine {
  const text = JSON.stringify(config);
  const files = {
    read: (path: string) => (path === '.gitlab-ci.yml' ? text : undefined),
    list: () => ['.gitlab-ci.yml'],
  };
  const set = jobSet('.gitlab-ci.yml', {
    event: 'push',
    ref: 'master',
    defaultBranch: 'master',
    variables: {},
    files,
  });
  expect(set.errors).toEqual([]);
  const autoCancel = get(get(set.configuration.root, 'workflow'), 'auto_cancel');
  return new PipelineMachine(
    set.configuration.stages,
    set.jobs.map((job) => ({ ...job, needs: job.needs?.map((need) => need.job) ?? null })),
    { cancelOnFailure: textOf(get(autoCancel, 'on_job_failure')) === 'all' },
  );
}

function act(machine: PipelineMachine, event: string, jobs: readonly string[] | undefined): void {
  if (!jobs) {
    if (event === 'retry') machine.retryAll();
    else if (event === 'cancel') machine.cancelAll();
    else throw new Error(`the case has an event ${event} of the pipeline`);
  }
  for (const job of jobs ?? []) {
    const verbs: Record<string, () => void> = {
      success: () => machine.succeed(job),
      drop: () => machine.drop(job),
      cancel: () => machine.cancel(job),
      run: () => machine.run(job),
      play: () => machine.play(job),
      retry: () => machine.retry(job),
    };
    verbs[event]!();
  }
}

function stateOf(machine: PipelineMachine, like: State): State {
  const pick = (
    keys: Record<string, string>,
    read: (key: string) => string | undefined,
  ): Record<string, string> =>
    Object.fromEntries(Object.keys(keys).map((key) => [key, read(key) ?? 'missing']));
  return {
    pipeline: machine.pipelineStatus(),
    stages: pick(like.stages, (stage) => machine.stageStatus(stage)),
    jobs: pick(like.jobs, (job) => machine.status(job)),
  };
}

describe.skipIf(!data)("GitLab's own pipeline processing cases (HUSKYCAT_TEST_DATA)", () => {
  test.each(names)('%s', (name) => {
    const { config, init, transitions } = parse(readFileSync(join(folder, name), 'utf8')) as Case;
    const machine = machineOf(config);
    expect(stateOf(machine, init.expect)).toEqual(init.expect);
    for (const [index, { event, jobs, expect: wanted }] of transitions.entries()) {
      act(machine, event, jobs);
      expect({ index, ...stateOf(machine, wanted) }).toEqual({ index, ...wanted });
    }
  });
});
