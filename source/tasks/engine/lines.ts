import type { StepEvent } from './events.ts';
import type { OnOutput } from './executor.ts';

/** Longest piece without a line break that is waited for. */
const longest = 8_192;

/** Emits what a step prints by whole lines, each redacted: a secret that arrives in two pieces is still seen as one. */
export async function withLines<T>(
  step: string,
  redact: (text: string) => string,
  emit: (event: StepEvent) => void,
  work: (onOutput: OnOutput) => Promise<T>,
): Promise<T> {
  const rest = { stdout: '', stderr: '' };
  const send = (text: string, stream: 'stdout' | 'stderr'): void => {
    if (text !== '') emit({ step, state: 'output', text: redact(text), stream });
  };
  try {
    return await work((text, stream) => {
      const all = rest[stream] + text;
      const end = all.length > longest ? all.length : all.lastIndexOf('\n') + 1;
      send(all.slice(0, end), stream);
      rest[stream] = all.slice(end);
    });
  } finally {
    send(rest.stdout, 'stdout');
    send(rest.stderr, 'stderr');
  }
}
