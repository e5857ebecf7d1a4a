import { Component, type ReactNode } from 'react';
import { asFailure, type Failure } from '../../source/core/failure.ts';
import { paragraph } from '../text/facts.ts';
import { type Line, span } from '../text/line.ts';
import type { Size } from '../text/size.ts';
import type { Theme } from '../theme.ts';
import { frame, innerSize } from './frame.ts';
import { Lines } from './lines.tsx';

export interface BoundaryProps {
  readonly title: string;
  readonly size: Size;
  readonly theme: Theme;
  readonly redact: (text: string) => string;
  /** Another value tries again. */
  readonly attempt: number;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly failure?: Failure | undefined;
  readonly attempt: number;
}

/** Keeps the failure of one pane or screen to itself: it says what failed, and the rest lives on. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { attempt: this.props.attempt };

  static getDerivedStateFromError(thrown: unknown): Partial<BoundaryState> {
    return { failure: asFailure(thrown, 'draw') };
  }

  static getDerivedStateFromProps({ attempt }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return attempt === state.attempt ? null : { attempt, failure: undefined };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    const { title, size, theme, redact, children } = this.props;
    if (!failure) return children;
    const { columns } = innerSize(size);
    const lines: Line[] = [
      [span(`${theme.glyphs.bad} this part of the screen failed`, 'bad')],
      ...paragraph(redact(failure.saw), columns).map((text): Line => [span(text)]),
      [],
      [span('Ctrl-L', 'key', true), span(' tries again; everything else goes on.', 'dim')],
    ];
    const rows = frame(
      lines.map((line) => ({ line })),
      {
        title: [span(title)],
        size,
        theme,
        isFocused: false,
        tone: 'bad',
      },
    );
    return <Lines rows={rows} size={size} />;
  }
}
