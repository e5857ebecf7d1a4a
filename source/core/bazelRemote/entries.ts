import { createHash } from 'node:crypto';

/** What is stored and read back to see whether a cache keeps a byte: always the same two, since nothing can be deleted. */
const blob = 'huskycat-tui stored this to see whether the cache keeps what it is given.\n';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const hash = sha256(blob);

export interface Entry {
  /** `/cas/<sha256>`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const blobEntry: Entry = { path: `/cas/${hash}`, headers: {}, body: blob };

/** An ActionResult of the Remote Execution API as JSON, whose one output is the blob. */
export const actionEntry: Entry = {
  path: `/ac/${sha256('the action of huskycat-tui')}`,
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify({
    outputFiles: [{ path: 'huskycat-tui', digest: { hash, sizeBytes: String(blob.length) } }],
  }),
};

/** Whether what came back is the action result: the server adds fields of its own, so bytes are not compared. */
export function isSameAction(text: string): boolean {
  try {
    const { outputFiles } = JSON.parse(text) as {
      outputFiles?: { path?: unknown; digest?: { hash?: unknown } }[];
    };
    const [file] = Array.isArray(outputFiles) ? outputFiles : [];
    return file?.path === 'huskycat-tui' && file.digest?.hash === hash;
  } catch {
    return false;
  }
}
