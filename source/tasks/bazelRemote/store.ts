import { createHash } from 'node:crypto';
import { actionEntry, blobEntry, type Entry, isSameAction } from '../../core/bazelRemote/entries.ts';
import { asFailure, isAbort, Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { createTransport } from '../../services/http/transport.ts';
import type { Trust } from '../../services/http/trust.ts';
import { createTrustedTransport } from '../../services/http/trustedTransport.ts';
import type { HttpAnswer, Transport } from '../../services/http/types.ts';
import type { Workspace } from '../../services/workspace.ts';

/** What a cache does with entries, in one line. */
export interface Stored {
  readonly isStored: boolean;
  readonly saw: string;
}

/** HTTP to the cache; for a certificate of its own, only what trusts it. */
export function transportOf(
  { activity, redact }: Workspace,
  trust?: Trust,
): Pick<Transport, 'read' | 'write'> {
  return trust ? createTrustedTransport({ activity, redact, trust }) : createTransport({ activity, redact });
}

/**
 * Stores a blob and an action result over HTTP, in a write of the gate, and reads both back. A cache on a full or read-only
 * disk answers everything else as a healthy one does.
 */
export async function storeEntries(
  workspace: Workspace,
  http: string,
  signal?: AbortSignal,
  trust?: Trust,
): Promise<Stored> {
  const transport = transportOf(workspace, trust);
  const given = signal ? { signal } : {};
  const entries = [blobEntry, actionEntry];
  try {
    await workspace.gate.perform(
      {
        title: 'Store a blob and an action result',
        effect: 'remote',
        target: http,
        detail: entries.map(({ path, body }) => `PUT ${http}${path}\n${body}`).join('\n'),
        undo: { text: 'They stay: bazel-remote deletes nothing on request. They are always the same two.' },
        task: 'bazel-remote',
        perform: async (grant) => {
          for (const { path, headers, body } of entries) {
            const request = { method: 'PUT', url: `${http}${path}`, headers, body, ...given } as const;
            const answer = await transport.write(grant, request);
            if (answer.status !== 200) throw notStored(`PUT ${http}${path}`, answer);
          }
        },
      },
      signal,
    );
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { isStored: false, saw: asFailure(thrown, `PUT ${http}`).message };
  }
  return readEntries(workspace, http, signal, trust);
}

/** Reads back what was stored. */
export async function readEntries(
  workspace: Workspace,
  http: string,
  signal?: AbortSignal,
  trust?: Trust,
): Promise<Stored> {
  const transport = transportOf(workspace, trust);
  const read = async ({ path, headers }: Entry): Promise<HttpAnswer> =>
    transport.read({ url: `${http}${path}`, headers, timeout: 10_000, ...(signal ? { signal } : {}) });
  try {
    const blob = await read(blobEntry);
    if (blob.status !== 200 || hash(blob.body) !== hash(blobEntry.body))
      return {
        isStored: false,
        saw: `the blob does not come back: HTTP ${blob.status}, ${blob.body.length} bytes`,
      };
    const action = await read(actionEntry);
    if (action.status !== 200 || !isSameAction(Buffer.from(action.body).toString('utf8')))
      return { isStored: false, saw: `the action result does not come back: HTTP ${action.status}` };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { isStored: false, saw: asFailure(thrown, `GET ${http}`).message };
  }
  return { isStored: true, saw: 'a blob and an action result come back as they were stored' };
}

function hash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function notStored(tried: string, { status, body }: HttpAnswer): Unavailable {
  return new Unavailable({
    tried,
    saw: `HTTP ${status}: ${plain(Buffer.from(body).toString('utf8').trim(), 300)}`,
    next: ['Look at the disk and at the owner of the data.'],
    code: 'not-stored',
    status,
  });
}
