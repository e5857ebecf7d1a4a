import { Bug } from '../failure.ts';

/** Characters that mean themselves to a POSIX shell wherever they stand in a word. */
const harmless = /^[A-Za-z0-9_@%+:,./-]+$/;

/** Words that a POSIX shell reads as its own where a command begins (XCU 2.4), with those of the common extensions. */
const reserved = new Set(
  'case coproc do done elif else end esac fi for foreach function if in namespace repeat select switch then time until while'.split(
    ' ',
  ),
);

/**
 * An argument vector as one line for a POSIX shell, which reads exactly the same vector from it. For commands that are
 * sent to a remote shell, and to show; a local program is started without any shell.
 */
export function shellQuote(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes('\0'))
    throw new Bug({
      tried: 'quote an argument for a shell',
      saw: 'it holds a NUL, which no argument can',
      next: ['Report this: a command was made of text that was not checked.'],
      code: 'nul-in-argument',
    });
  if (harmless.test(word) && !reserved.has(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
