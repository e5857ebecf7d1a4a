import { type ReactNode, useState } from 'react';
import { rungs } from '../../source/core/evidence.ts';
import { scopes } from '../actions/action.ts';
import { listActions } from '../actions/list.ts';
import { actions } from '../actions.ts';
import { useCapture } from '../hooks/useKeys.ts';
import { useHost } from '../host.ts';
import { type Command, commands, placeOf } from '../present/commands.ts';
import { heading } from '../text/facts.ts';
import { type Glyphs, rungSpan } from '../text/glyphs.ts';
import { type Line, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import { frame, innerSize } from '../widgets/frame.ts';
import { Lines } from '../widgets/lines.tsx';

/** Every key, what it does, and what keeps it from doing so now. Lies over the screen that it explains. */
export function HelpScreen({
  size,
  onClose,
}: {
  readonly size: Size;
  readonly onClose: () => void;
}): ReactNode {
  const { keyboard, theme, version } = useHost();
  const [top, setTop] = useState(0);
  const inner = innerSize(size);
  const lines = helpLines(commands(actions, keyboard.available()), theme.glyphs);
  const last = Math.max(0, lines.length - inner.rows);
  useCapture({
    onKey({ name }) {
      if (name === 'esc' || name === 'q' || name === '?') return onClose();
      const to = scrolled(name, top, Math.max(1, Math.floor(inner.rows / 2)), last);
      if (to !== undefined) setTop(to);
    },
  });
  const at = Math.min(top, last);
  const rows = frame(
    lines.slice(at, at + inner.rows).map((line) => ({ line })),
    {
      title: [span('Help', 'accent')],
      note: [span(`huskycat-tui ${version}`, 'dim')],
      foot: [
        span(
          `${at + 1}${theme.glyphs.dash}${Math.min(lines.length, at + inner.rows)} of ${lines.length}`,
          'dim',
        ),
      ],
      size,
      theme,
      isFocused: true,
    },
  );
  return <Lines rows={rows} size={size} />;
}

function helpLines(all: readonly Command[], glyphs: Glyphs): Line[] {
  return [
    heading('Rungs: nothing is good because a setting says so'),
    [...rungs, 'unknown' as const].flatMap((rung, index) => [
      span(index === 0 ? '  ' : '   '),
      rungSpan(rung, glyphs),
      span(` ${rung}`),
    ]),
    [span('  Flags of variables: M masked  H hidden  P protected  R raw  F file', 'dim')],
    ...scopes.flatMap((scope): Line[] => {
      const here = all.filter(({ action }) => action.scope === scope);
      return here.length === 0 ? [] : [[], heading(placeOf(scope)), ...here.map(helpLine)];
    }),
  ];
}

function helpLine({ action, keys, disabled }: Command): Line {
  const isOn = disabled === undefined;
  return [
    span(`  ${keys.padEnd(16)} `, isOn ? 'key' : 'faint', isOn),
    span(action.title.padEnd(20), isOn ? 'text' : 'dim'),
    span(` ${action.help ?? ''}`, 'dim'),
    ...(isOn ? [] : [span(` (${disabled})`, 'faint')]),
  ];
}

/** Where the list keys scroll to; undefined for any other key. */
function scrolled(name: string, top: number, half: number, last: number): number | undefined {
  const action = listActions.find(({ keys }) => keys.includes(name));
  const to: Readonly<Record<string, number>> = {
    'list.down': top + 1,
    'list.up': top - 1,
    'list.half-down': top + half,
    'list.half-up': top - half,
    'list.top': 0,
    'list.bottom': last,
  };
  const wanted = action && to[action.id];
  return wanted === undefined ? undefined : Math.max(0, Math.min(last, wanted));
}
