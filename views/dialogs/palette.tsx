import { type ReactNode, useState } from 'react';
import { actions } from '../actions.ts';
import { useCapture } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import { appendText, editText } from '../keys/editText.ts';
import { type Command, commands, found } from '../present/commands.ts';
import { moved, scrollTop } from '../state/listWindow.ts';
import { type Line, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import { Overlay } from './overlay.tsx';

/** Every action by its name; those that cannot run now say why. */
export function Palette({ screen }: { readonly screen: Size }): ReactNode {
  const { keyboard, theme, ui, notify } = useHost();
  const [query, setQuery] = useState('');
  const [index, setIndex] = useState(0);
  const all = found(commands(actions, keyboard.available()), query);
  const chosen = all[moved(index, 0, all.length)];
  const close = (): void => ui.set({ isPaletteOpen: false });
  const change = (text: string): void => {
    setQuery(text);
    setIndex(0);
  };
  useCapture({
    onKey(stroke) {
      if (stroke.name === 'esc') close();
      else if (stroke.name === 'down' || stroke.name === 'ctrl-n' || stroke.name === 'tab')
        setIndex(moved(index, 1, all.length));
      else if (stroke.name === 'up' || stroke.name === 'ctrl-p' || stroke.name === 'shift-tab')
        setIndex(moved(index, -1, all.length));
      else if (stroke.name === 'enter') {
        close();
        if (chosen?.disabled !== undefined) notify(`${chosen.action.title}: ${chosen.disabled}`, 'warn');
        else if (chosen) keyboard.run(chosen.action.id);
      } else {
        const edited = editText(query, stroke);
        if (edited !== undefined) change(edited);
      }
    },
    onText: (text) => change(appendText(query, text)),
  });
  const height = Math.max(1, Math.min(16, screen.rows - 5));
  const top = scrollTop(0, moved(index, 0, all.length), height, all.length);
  const columns = Math.min(76, screen.columns - 2);
  const rows = [
    { line: [span(':', 'key', true), span(query), { text: ' ', inverse: true }] },
    ...all.slice(top, top + height).map((command) => ({
      line: commandLine(command, theme.glyphs.selected, command === chosen),
      selected: command === chosen,
    })),
    ...(all.length === 0 ? [{ line: [span('no action has that name', 'dim')] }] : []),
  ];
  return (
    <Overlay
      title={[span('Commands', 'accent')]}
      foot={[span(`${all.length} of ${actions.length}`, 'dim')]}
      rows={rows}
      screen={screen}
      columns={columns}
      theme={theme}
    />
  );
}

function commandLine({ action, keys, disabled }: Command, mark: string, isChosen: boolean): Line {
  const isOn = disabled === undefined;
  return [
    span(isChosen ? `${mark} ` : '  ', 'accent'),
    span(action.title.padEnd(20), isOn ? 'text' : 'faint', isOn),
    span(`${keys.padEnd(16)} `, isOn ? 'key' : 'faint'),
    span(disabled ?? action.help ?? '', isOn ? 'dim' : 'faint'),
  ];
}
