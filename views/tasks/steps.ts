import type { StepEvent } from '../../source/tasks/engine/events.ts';

/** One step of a run as it is shown. */
export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly state: 'running' | 'done' | 'skipped' | 'failed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Seconds. */
  readonly took?: number;
  readonly saw?: string;
  /** The last lines that it printed, untrusted and redacted. */
  readonly output: readonly string[];
}

const keptLines = 200;

/** The steps after one more event. */
export function withEvent(steps: readonly StepView[], event: StepEvent, now: number): readonly StepView[] {
  if (event.state === 'started') {
    const { step: id, title } = event;
    return [...steps, { id, title, state: 'running', startedAt: now, output: [] }];
  }
  return steps.map((step) => (step.id === event.step ? changed(step, event) : step));
}

function changed(step: StepView, event: Exclude<StepEvent, { state: 'started' }>): StepView {
  switch (event.state) {
    case 'output':
      return { ...step, output: [...step.output, ...event.text.trimEnd().split('\n')].slice(-keptLines) };
    case 'done':
      return { ...step, state: 'done', took: event.took, saw: event.saw };
    case 'skipped':
      return { ...step, state: 'skipped', saw: event.because };
    case 'failed':
      return { ...step, state: 'failed', saw: `${event.failure.tried}: ${event.failure.saw}` };
  }
}
