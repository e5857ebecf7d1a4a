import { plain } from '../../core/text/safe.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { LogMark } from './change.ts';

/** Of each log, from its start. */
const most = 16 * 1024 * 1024;
/** Of one line; what is longer is looked at in pieces. */
const longest = 16 * 1024;

/** What a job's log shows of the marks, in their order; nothing where the log cannot be read. */
export async function marksIn(
  gitlab: Pick<GitLab, 'trace'>,
  job: number,
  marks: readonly LogMark[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const patterns = new Map(
    marks.flatMap((mark) => linesWanted(mark)).map((pattern) => [pattern, new RegExp(pattern)] as const),
  );
  const found = new Set<string>();
  try {
    for await (const line of linesOf(await gitlab.trace(job, 0, signal))) {
      for (const [pattern, expression] of patterns)
        if (!found.has(pattern) && expression.test(line)) found.add(pattern);
      if (found.size === patterns.size) break;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof Error)) throw thrown;
  }
  const isShown = (mark: LogMark): boolean => linesWanted(mark).every((pattern) => found.has(pattern));
  return [...new Set(marks.filter(isShown).map(({ shows }) => shows))];
}

function linesWanted({ pattern, with: other }: LogMark): readonly string[] {
  return other === undefined ? [pattern] : [pattern, other];
}

async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const line of lines) yield plain(line);
    if (rest.length > longest) {
      yield plain(rest);
      rest = '';
    }
    if (size > most) return;
  }
  yield plain(rest);
}
