import { useState, useSyncExternalStore } from 'react';
import { asFailure } from '../../source/core/failure.ts';
import { counted } from '../../source/core/text/format.ts';
import type { TraceLog } from '../../source/core/trace/log.ts';
import { saveTrace } from '../../source/services/trace/save.ts';
import { useActions, useCapture } from '../hooks/useKeys.ts';
import { type Host, useHost } from '../host.ts';
import { appendText, editText } from '../keys/editText.ts';
import type { LogState } from './useLogState.ts';
import { type LookUp, place } from './useLookUp.ts';

/** What a log is of. */
export interface LogSource {
  /** `unit (#4711)`. */
  readonly title: string;
  /** Proposed for a file that it is saved to. */
  readonly file: string;
  /** For a browser. */
  readonly url?: string | undefined;
}

export interface LogActions {
  /** What is being typed to search for. */
  readonly typing: string | undefined;
}

/** More text than a terminal's clipboard takes is not put together. */
const mostCopied = 5_000;

/** Binds the keys of the log. */
export function useLogActions(
  source: LogSource,
  state: LogState,
  lookUp: LookUp,
  height: number,
): LogActions {
  const host = useHost();
  const { workspace, browse, copy, ask, notify } = host;
  useSyncExternalStore(workspace.gate.subscribe, () => workspace.gate.armed().state);
  const [typing, setTyping] = useState<string>();
  const { layout, cursor, mark } = state;
  const { log } = layout;
  const empty = log.lineCount === 0 ? 'the log is empty' : undefined;
  const matches = lookUp.search?.lines ?? [];
  const turn = (by: 1 | -1) => ({
    run() {
      const at = place(matches, by > 0 ? cursor.line + 1 : cursor.line);
      const next = matches[by > 0 ? at : at - 1] ?? (by > 0 ? matches[0] : matches.at(-1));
      if (next !== undefined) state.goTo(next);
    },
    disabled: lookUp.search
      ? matches.length === 0
        ? 'nothing was found'
        : undefined
      : 'press / to search first',
  });
  const half = Math.max(1, Math.floor(height / 2));
  const goToLine = async (): Promise<void> => {
    const answer = await ask.text({ title: 'Go to line', lines: [`1 to ${log.lineCount}`] });
    const line = Number(answer);
    if (answer !== undefined && Number.isInteger(line) && line > 0) state.goTo(line - 1);
  };
  useActions('list', {
    'list.open': {
      run: state.toggleFold,
      disabled: log.sections.length === 0 ? 'there are no sections' : empty,
    },
    'list.down': { run: () => state.moveBy(1) },
    'list.up': { run: () => state.moveBy(-1) },
    'list.half-down': { run: () => state.moveBy(half) },
    'list.half-up': { run: () => state.moveBy(-half) },
    'list.top': { run: state.toTop },
    'list.bottom': { run: state.toEnd },
    'list.filter': { run: () => setTyping(''), disabled: empty },
    'list.next': turn(1),
    'list.previous': turn(-1),
    'list.mark': { run: state.toggleMark, disabled: empty },
    'list.copy': {
      run() {
        const [from, to] = markedRange(mark, cursor.line);
        if (to - from >= mostCopied)
          return notify('that is too much for a clipboard: save it with >', 'warn');
        const lines = Array.from({ length: to - from + 1 }, (_, index) => log.text(from + index));
        copy(lines.join('\n'), counted(lines.length, 'line'));
      },
      disabled: empty,
    },
    'list.browse': {
      run: () => browse(source.url),
      disabled: source.url === undefined ? 'it has no address' : undefined,
    },
  });
  useActions('log', {
    'log.error': { run: lookUp.firstError, disabled: empty },
    'log.follow': { run: () => state.setFollowing(!state.isFollowing) },
    'log.fold-all': {
      run: state.foldAll,
      disabled: log.sections.length === 0 ? 'there are no sections' : undefined,
    },
    'log.wrap': { run: () => state.toggle('wrap') },
    'log.stamps': {
      run: () => state.toggle('stamps'),
      disabled: log.stamped ? undefined : 'this log has no timestamps',
    },
    'log.line': { run: () => void goToLine(), disabled: empty },
    'log.right': { run: () => state.shift(20), disabled: layout.isWrapped ? 'lines are wrapped' : undefined },
    'log.left': { run: () => state.shift(-20), disabled: layout.isWrapped ? 'lines are wrapped' : undefined },
    'log.save': {
      run: () => void save(host, log, source),
      disabled: empty ?? workspace.gate.refusal('local'),
    },
  });
  useCapture(
    {
      onKey(stroke) {
        if (stroke.name === 'enter') {
          lookUp.start(typing ?? '', cursor.line);
          setTyping(undefined);
        } else if (stroke.name === 'esc') {
          lookUp.start('', cursor.line);
          setTyping(undefined);
        } else setTyping((text) => editText(text ?? '', stroke) ?? text);
      },
      onText: (text) => setTyping((before) => appendText(before ?? '', text)),
    },
    typing !== undefined,
  );
  return { typing };
}

/** From the mark to the cursor, in order; the cursor's line alone without a mark. */
export function markedRange(mark: number | undefined, cursor: number): [number, number] {
  return mark === undefined ? [cursor, cursor] : [Math.min(mark, cursor), Math.max(mark, cursor)];
}

async function save({ ask, workspace, notify }: Host, log: TraceLog, source: LogSource): Promise<void> {
  const path = await ask.text({
    title: 'Save the log',
    lines: ['The path of a file that is not there yet.'],
    initial: source.file,
  });
  if (path === undefined || path.trim() === '') return;
  try {
    const write = await saveTrace(log, source.title, path.trim());
    await workspace.gate.perform(write);
    notify(`saved to ${path.trim()}`, 'good');
  } catch (thrown) {
    const { saw, next } = asFailure(thrown, 'save the log');
    notify([saw, ...next].join(' '), 'bad');
  }
}
