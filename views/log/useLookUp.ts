import { useEffect, useRef, useState } from 'react';
import { FirstError } from '../../source/core/trace/firstError.ts';
import type { TraceLog } from '../../source/core/trace/log.ts';
import { LogSearch } from '../../source/core/trace/search.ts';

/** Bytes that are looked through between two keys. */
const slice = 2 << 20;

export interface LookUp {
  readonly search: LogSearch | undefined;
  /** Looks for another text; the first match at or behind `line` is given to `found`. */
  start(query: string, line: number): void;
  /** Looks for the line that tells of a failure first; `found` gets undefined when there is none. */
  firstError(): void;
}

/** Searches a log in slices, so that keys are answered in between. Goes on as the log grows. */
export function useLookUp(
  log: TraceLog | undefined,
  version: number,
  found: (line: number | undefined, what: 'match' | 'error') => void,
): LookUp {
  const [search, setSearch] = useState<LogSearch>();
  const [errors, setErrors] = useState<FirstError>();
  const [, redraw] = useState(0);
  const wanted = useRef<number | undefined>(undefined);
  const report = useRef(found);
  useEffect(() => {
    report.current = found;
  });
  useEffect(() => {
    if (!search || version < 0) return;
    let timer: NodeJS.Immediate | undefined;
    const step = (): void => {
      search.advance(slice);
      const from = wanted.current;
      const hit = from === undefined ? undefined : (search.lines[place(search.lines, from)] ?? undefined);
      if (from !== undefined && (hit !== undefined || search.isDone)) {
        wanted.current = undefined;
        const line = hit ?? search.lines[0];
        report.current(line, 'match');
      }
      redraw((count) => count + 1);
      if (!search.isDone) timer = setImmediate(step);
    };
    if (!search.isDone || wanted.current !== undefined) timer = setImmediate(step);
    return () => clearImmediate(timer);
  }, [search, version]);
  useEffect(() => {
    if (!errors) return;
    let timer: NodeJS.Immediate | undefined;
    const step = (): void => {
      errors.advance(slice);
      if (!errors.isDone) {
        timer = setImmediate(step);
        return;
      }
      report.current(errors.best, 'error');
      setErrors(undefined);
    };
    timer = setImmediate(step);
    return () => clearImmediate(timer);
  }, [errors]);
  return {
    search,
    start(query, line) {
      wanted.current = query === '' ? undefined : line;
      setSearch(query === '' || !log ? undefined : new LogSearch(log, query));
    },
    firstError: () => log && setErrors(new FirstError(log)),
  };
}

/** Index of the first of ascending `lines` that is `line` or behind it. */
export function place(lines: readonly number[], line: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
