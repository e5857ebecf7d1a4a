import { createHash } from 'node:crypto';
import { Refused } from '../../core/failure.ts';
import { bytes as size } from '../../core/text/format.ts';
import type { TraceLog } from '../../core/trace/log.ts';
import { fileFingerprint, writeFileAtomically } from '../files/write.ts';
import type { Write } from '../gate.ts';

/** The write that puts a job's log, as GitLab sent it, into a new file. Throws `Refused` where there is one already. */
export async function saveTrace(log: TraceLog, job: string, path: string): Promise<Write<void>> {
  const title = `Save the log of ${job}`;
  if ((await fileFingerprint(path)) !== 'absent')
    throw new Refused({
      tried: title,
      saw: `${path} exists`,
      next: ['Give another name.'],
      code: 'exists',
    });
  const length = log.size;
  const hash = createHash('sha256');
  for (const part of log.chunks.parts(length)) hash.update(part);
  return {
    title,
    effect: 'local',
    target: path,
    detail: `${size(length)} in ${log.lineCount} lines, as GitLab sent them`,
    undo: { text: 'Remove the file.', command: `rm -- '${path.replaceAll("'", `'\\''`)}'` },
    before: 'absent',
    after: `sha256:${hash.digest('hex')}`,
    current: () => fileFingerprint(path),
    perform: (grant) => writeFileAtomically(grant, path, log.chunks.parts(length), { mode: 0o600 }),
    result: () => `saved ${size(length)}`,
  };
}
