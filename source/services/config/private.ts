import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { NeedsUser } from '../../core/failure.ts';
import { shellQuote } from '../../core/shell/quote.ts';
import { plain } from '../../core/text/safe.ts';

/** What a file is to the user, and the first word of the codes of its failures. */
export interface FileRole {
  readonly title: string;
  readonly prefix: string;
  /** A pipe serves too, as shells make them for `<(command)`; its mode says nothing. Without it one is refused, unread. */
  readonly mayBePipe?: boolean;
}

/** Larger than any file that people write by hand. */
const limit = 1024 * 1024;

/**
 * Reads a file that is for its owner alone. Undefined when there is none. Throws `NeedsUser`: `PREFIX-mode` when others
 * may read or write it, `PREFIX-unreadable` when it cannot be read, is no file, or is larger than 1 MiB.
 */
export async function readPrivateFile(path: string, role: FileRole): Promise<Buffer | undefined> {
  const refuse = refusalOf(path, role);
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // To open a pipe that nobody writes to would wait for ever.
    file = await open(path, constants.O_RDONLY | (role.mayBePipe ? 0 : constants.O_NONBLOCK));
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const next = ['Make it readable for yourself:', chmod(path)].join(' ');
    throw refuse(`it cannot be opened (${code})`, next, 'unreadable', cause);
  }
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw refuse('it is a folder', 'Move the folder away.', 'unreadable');
    if (!found.isFile() && !role.mayBePipe)
      throw refuse('it is a pipe or a device', 'Put a file there, or move it away.', 'unreadable');
    const mode = found.mode & 0o7777;
    if (found.isFile() && process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = mode.toString(8).padStart(4, '0');
      throw refuse(
        `others may read or change it (mode ${octal})`,
        `Keep it to yourself: ${chmod(path)}`,
        'mode',
      );
    }
    const bytes = await readLimited(file);
    if (!bytes)
      throw refuse('it is larger than 1 MiB', 'Look whether it is the file you mean.', 'unreadable');
    return bytes;
  } catch (thrown) {
    if (thrown instanceof NeedsUser) throw thrown;
    throw refuse(
      `it cannot be read (${errorCode(thrown)})`,
      'Look at the disk that it lies on.',
      'unreadable',
      thrown,
    );
  } finally {
    await file.close();
  }
}

function refusalOf(path: string, { title, prefix }: FileRole) {
  return (saw: string, next: string, code: string, cause?: unknown): NeedsUser =>
    new NeedsUser({
      tried: `read ${title} ${plain(path)}`,
      saw,
      next: [next],
      code: `${prefix}-${code}`,
      cause,
    });
}

function chmod(path: string): string {
  return shellQuote(['chmod', '600', plain(path)]);
}

async function readLimited(file: Awaited<ReturnType<typeof open>>): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024));
    if (bytesRead === 0) return Buffer.concat(parts);
    size += bytesRead;
    if (size > limit) return undefined;
    parts.push(buffer.subarray(0, bytesRead));
  }
}

/** The word that the system names an error with: `EACCES`. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error';
}
