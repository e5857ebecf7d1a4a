import { basename } from 'node:path';
import { NeedsUser } from '../../core/failure.ts';
import { runInteractive } from '../process/interactive.ts';

/** A line of a file of the checkout. */
export interface EditorPlace {
  /** The checkout's root, absolute. */
  readonly root: string;
  /** Path from the root. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Opens a line in the user's own editor, in this terminal; the screen must have let go of it. */
export async function openInEditor(
  place: EditorPlace,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  await runInteractive(editorCommand(place, environment), place.root);
}

/** The command of VISUAL or EDITOR, split at blanks as git does with simple ones, and the way it takes a line. */
export function editorCommand(
  { file, line }: EditorPlace,
  environment: Readonly<Record<string, string | undefined>>,
): [string, ...string[]] {
  const [program, ...args] = (environment.VISUAL || environment.EDITOR || 'vi').split(/\s+/).filter(Boolean);
  if (program === undefined)
    throw new NeedsUser({
      tried: `edit ${file}`,
      saw: 'VISUAL and EDITOR are blank',
      next: ['Set EDITOR to the editor of your choice.'],
      code: 'no-editor',
    });
  // A path that begins with a dash would be taken for an option.
  const path = `./${file}`;
  switch (basename(program)) {
    case 'code':
    case 'codium':
      return [program, ...args, '--goto', `${path}:${line}`];
    case 'hx':
    case 'helix':
    case 'zed':
    case 'subl':
      return [program, ...args, `${path}:${line}`];
    default:
      return [program, ...args, `+${line}`, path];
  }
}
