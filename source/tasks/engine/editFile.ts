import { isUtf8 } from 'node:buffer';
import { Bug, Refused } from '../../core/failure.ts';
import type { EditFile } from '../../core/plan/action.ts';
import { previewOf } from '../../core/plan/preview.ts';
import { fileInside } from '../../services/files/inside.ts';
import { fingerprint, removeFile, writeFileAtomically } from '../../services/files/write.ts';
import type { Executor, Look } from './executor.ts';

/** A file of the checkout: its bytes and mode are what is looked at, kept and put back. */
export function editFile(action: EditFile, root: string): Executor {
  const { path, before, text } = action;
  const after = fingerprint(text);
  const file = () => {
    if (root !== action.root) throw otherCheckout(action.root, root);
    return fileInside(root, path);
  };
  const current = async (): Promise<string> => {
    const { content } = await file();
    return content ? fingerprint(content.bytes) : 'absent';
  };
  return {
    undoesHalf: false,
    current,
    async look(): Promise<Look> {
      const found = await current();
      if (found === after) return { state: 'after', saw: `${path} is as planned` };
      if (found === before) return { state: 'before', saw: `${path} is as it was` };
      return { state: 'neither', saw: `${path} is neither as it was nor as planned: ${found}` };
    },
    async preview() {
      const { content } = await file();
      return previewOf(action, new Map(content ? [[path, textOf(path, content.bytes)]] : []));
    },
    async remember() {
      const { content } = await file();
      return content ? { original: content.bytes.toString('base64'), mode: content.mode } : { isNew: true };
    },
    async apply(grant) {
      const { path: real } = await file();
      await writeFileAtomically(grant, real, text);
      return `wrote ${path}`;
    },
    async undo(grant, { original, mode, isNew }) {
      const { path: real } = await file();
      if (isNew === true) {
        await removeFile(grant, real);
        return `removed ${path}`;
      }
      if (typeof original !== 'string' || typeof mode !== 'number') throw forgotten(path);
      await writeFileAtomically(grant, real, Buffer.from(original, 'base64'), { mode, forceMode: true });
      return `put ${path} back`;
    },
  };
}

/** A file's bytes as text that gives the same bytes again, a byte order mark included. Throws `Refused` when there is none. */
export function textOf(path: string, bytes: Uint8Array): string {
  if (isUtf8(bytes)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  throw new Refused({
    tried: `read ${path}`,
    saw: 'it is not UTF-8 text',
    next: ['Change the file by hand: its bytes would not survive an edit as text.'],
    code: 'not-utf8',
  });
}

function otherCheckout(planned: string, found: string): Refused {
  return new Refused({
    tried: 'apply the plan',
    saw: `it was made for the checkout ${planned}, this one is ${found}`,
    next: ['Apply it where it was made (--dir), or plan again here.'],
    code: 'other-checkout',
  });
}

function forgotten(path: string): Bug {
  return new Bug({
    tried: `put ${path} back`,
    saw: 'the original was not kept',
    next: ['Put it back from git: git checkout -- FILE'],
    code: 'no-original',
  });
}
