import { jobsJson } from './ci.ts';
import { dot, mermaid } from './drawings.ts';
import type { Io } from './io.ts';
import { answerCi, type CiQuestion } from './question.ts';
import { type Planned, planned, type Started, startedText } from './started.ts';
import { printable } from './text.ts';

export const graphFormats = ['text', 'json', 'mermaid', 'dot'] as const;
export type GraphFormat = (typeof graphFormats)[number];

/** `ci graph`: what each job waits for, as text, JSON or a drawing for another program. Gives the exit status. */
export async function showGraph(question: CiQuestion, format: GraphFormat, io: Io): Promise<number> {
  const { set, context } = await answerCi(question);
  const status = set.errors.length > 0 ? 1 : 0;
  const whole = planned(set, context);
  if (format === 'json') {
    io.stdout(`${JSON.stringify(graphJson(whole, question.now))}\n`);
    return status;
  }
  for (const { message } of set.errors) io.stderr(`${printable(message)}\n`);
  const draw = { text: textGraph, mermaid, dot }[format];
  io.stdout(
    draw(whole)
      .map((line) => `${printable(line)}\n`)
      .join(''),
  );
  return status;
}

type GraphJson = ReturnType<typeof jobsJson>;

/** As `ci jobs`, each bridge with what it would start. */
function graphJson({ set, started }: Planned, now: string): GraphJson {
  const answer = jobsJson(set, 'ci-graph', now);
  const jobs = answer.jobs.map((job) => ({ ...job, ...startedJson(started.get(job.name), now) }));
  return { ...answer, jobs };
}

function startedJson(started: Started | undefined, now: string): { readonly started?: object } {
  if (started?.kind !== 'child') return started ? { started } : {};
  const { schema: _schema, at: _at, ...child } = graphJson(started.planned, now);
  return { started: { kind: 'child', ...child } };
}

function textGraph({ set, started }: Planned): string[] {
  return set.stages.flatMap((stage, index) => [
    stage,
    ...set.jobs
      .filter((job) => job.stage === stage)
      .flatMap(({ name, needs }) => {
        const waits =
          needs && needs.length > 0
            ? ` ← ${needs.map(({ job }) => job).join(', ')}`
            : needs || index === 0
              ? ''
              : ' ← all of the stages before';
        const one = started.get(name);
        return one ? [`  ${name}${waits} → ${startedText(one)}`, ...inside(one)] : [`  ${name}${waits}`];
      }),
  ]);
}

/** The graph of a child pipeline, or why there is none. */
function inside(started: Started): string[] {
  if (started.kind !== 'child') return [];
  const { errors } = started.planned.set;
  const lines = [...errors.map(({ message }) => `error: ${message}`), ...textGraph(started.planned)];
  return lines.map((line) => `    ${line}`);
}
