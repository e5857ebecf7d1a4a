import { describe, expect, test } from 'vitest';
import { type MachineJob, PipelineMachine } from '../../../source/core/pipeline/machine.ts';

const stages = ['build', 'test', 'deploy'];

function job(name: string, stage: string, more: Partial<MachineJob> = {}): MachineJob {
  return { name, stage, needs: null, when: 'on_success', allowFailure: false, ...more };
}

function open(jobs: readonly MachineJob[], cancelOnFailure = false) {
  const machine = new PipelineMachine(stages, jobs, { cancelOnFailure });
  const states = (): Record<string, string | undefined> =>
    Object.fromEntries(jobs.map(({ name }) => [name, machine.status(name)]));
  return { machine, states };
}

describe('the states of a pipeline’s jobs', () => {
  test('a stage starts when all before it is over, a job with needs when those are', () => {
    const { machine, states } = open([
      job('a', 'build'),
      job('b', 'build'),
      job('unit', 'test', { needs: ['a'] }),
      job('lint', 'test'),
      job('ship', 'deploy'),
    ]);
    expect(states()).toEqual({
      a: 'pending',
      b: 'pending',
      unit: 'created',
      lint: 'created',
      ship: 'created',
    });
    machine.succeed('a');
    expect(states()).toMatchObject({ unit: 'pending', lint: 'created' });
    machine.succeed('b');
    expect(states()).toMatchObject({ lint: 'pending', ship: 'created' });
    machine.succeed('unit');
    expect(machine.status('ship')).toBe('created');
    machine.succeed('lint');
    machine.succeed('ship');
    expect(machine.pipelineStatus()).toBe('success');
  });

  test('a failure skips what is behind it, but for jobs that run on failure or always', () => {
    const { machine, states } = open([
      job('a', 'build'),
      job('unit', 'test'),
      job('report', 'test', { when: 'on_failure' }),
      job('clean', 'deploy', { when: 'always' }),
    ]);
    machine.drop('a');
    expect(states()).toEqual({ a: 'failed', unit: 'skipped', report: 'pending', clean: 'created' });
    machine.succeed('report');
    expect(machine.status('clean')).toBe('pending');
    machine.succeed('clean');
    expect(machine.pipelineStatus()).toBe('failed');
  });

  test('what may fail stops nothing, whether it failed or was canceled', () => {
    for (const end of ['drop', 'cancel'] as const) {
      const { machine, states } = open([job('a', 'build', { allowFailure: true }), job('unit', 'test')]);
      machine[end]('a');
      expect(states().unit).toBe('pending');
      expect(machine.stageStatus('build')).toBe('success');
      machine.succeed('unit');
      expect(machine.pipelineStatus()).toBe('success');
    }
  });

  test('an optional manual job lets its stage go on, and skips what needs it', () => {
    const { machine, states } = open([
      job('ask', 'build', { when: 'manual', allowFailure: true }),
      job('unit', 'test'),
      job('after', 'test', { needs: ['ask'] }),
    ]);
    expect(states()).toEqual({ ask: 'manual', unit: 'pending', after: 'skipped' });
    machine.play('ask');
    expect(states()).toMatchObject({ ask: 'pending', after: 'created' });
    machine.succeed('ask');
    expect(states().after).toBe('pending');
  });

  test('a manual job that may not be left out blocks, until it is played', () => {
    const { machine, states } = open([job('ask', 'build', { when: 'manual' }), job('unit', 'test')]);
    expect(states()).toEqual({ ask: 'manual', unit: 'created' });
    expect(machine.pipelineStatus()).toBe('manual');
    machine.play('ask');
    machine.succeed('ask');
    expect(states().unit).toBe('pending');
  });

  test('a retry gives back what was skipped behind it, over any number of needs, and no other job', () => {
    const { machine, states } = open([
      job('c', 'build', { needs: ['b'] }),
      job('b', 'build', { needs: ['a'] }),
      job('a', 'build'),
      job('other', 'build', { needs: [] }),
    ]);
    machine.succeed('other');
    machine.drop('a');
    expect(states()).toEqual({ a: 'failed', b: 'skipped', c: 'skipped', other: 'success' });
    machine.retry('a');
    expect(states()).toEqual({ a: 'pending', b: 'created', c: 'created', other: 'success' });
    machine.succeed('a');
    machine.succeed('b');
    expect(states().c).toBe('pending');
  });

  test('a retry of the pipeline takes what failed, was canceled, or was skipped', () => {
    const { machine, states } = open([
      job('a', 'build'),
      job('b', 'build'),
      job('c', 'build'),
      job('unit', 'test'),
    ]);
    machine.succeed('a');
    machine.drop('b');
    machine.cancel('c');
    expect(states().unit).toBe('skipped');
    machine.retryAll();
    expect(states()).toEqual({ a: 'success', b: 'pending', c: 'pending', unit: 'created' });
  });

  test('cancels the rest on a failure where the configuration says so, but not on one that is allowed', () => {
    const jobs = [job('a', 'build', { allowFailure: true }), job('b', 'build'), job('c', 'build')];
    const { machine, states } = open(jobs, true);
    machine.drop('a');
    expect(states()).toEqual({ a: 'failed', b: 'pending', c: 'pending' });
    machine.drop('b');
    expect(states()).toEqual({ a: 'failed', b: 'failed', c: 'canceled' });
  });

  test('what runs always does not run after a canceled stage', () => {
    const { machine, states } = open([job('a', 'build'), job('clean', 'test', { when: 'always' })]);
    machine.cancel('a');
    expect(states().clean).toBe('skipped');
    expect(machine.pipelineStatus()).toBe('canceled');
  });

  test('a pipeline that has run is running while its next job waits, and a stage keeps its status meanwhile', () => {
    const { machine } = open([job('a', 'build'), job('unit', 'test')]);
    expect(machine.pipelineStatus()).toBe('pending');
    machine.run('a');
    machine.drop('a');
    expect(machine.stageStatus('test')).toBe('skipped');
    machine.retry('a');
    expect([machine.pipelineStatus(), machine.stageStatus('test')]).toEqual(['running', 'skipped']);
    machine.run('a');
    machine.succeed('a');
    expect([machine.pipelineStatus(), machine.stageStatus('test')]).toEqual(['running', 'pending']);
  });

  test('a job that is not in the pipeline is an error', () => {
    expect(() => open([job('a', 'build')]).machine.run('b')).toThrow('no job b in the pipeline');
  });
});
