import { TraceLog } from '../../../source/core/trace/log.ts';

const el = '\u001B[0K';

/** A section as GitLab Runner writes it. */
export function section(
  name: string,
  header: string,
  body: string,
  [from, to]: [number, number],
  options = '',
): string {
  return `${el}section_start:${from}:${name}${options}\r${el}${header}\n${body}${el}section_end:${to}:${name}\r${el}`;
}

/** The trace of a job that failed, in the runner's own format. */
export const failedJob = [
  'Running with gitlab-runner 18.4.0 (139a0ac0)\n',
  '  on honey 6gaDfNXa, system ID: s_2f1\n',
  section(
    'prepare_executor',
    '\u001B[0;36;1mPreparing the "docker" executor\u001B[0;m',
    'Using Docker executor\n',
    [1_700_000_000, 1_700_000_012],
  ),
  section(
    'get_sources',
    '\u001B[0;36;1mGetting source from Git repository\u001B[0;m',
    '\u001B[32;1mFetching changes\u001B[0;m\n',
    [1_700_000_012, 1_700_000_015],
  ),
  `${el}section_start:1700000015:step_script\r${el}\u001B[0;36;1mExecuting "step_script"\u001B[0;m\n`,
  '\u001B[32;1m$ make all\u001B[0;m\n',
  'Downloading  10%\rDownloading  55%\rDownloading 100%\n',
  section(
    'inner',
    'Compile',
    'cc -c a.c\nerror_count = 0\na.c:3: error: expected ;\n',
    [1_700_000_016, 1_700_000_020],
    '[collapsed=true]',
  ),
  'make: *** [all] Error 1\n',
  `${el}section_end:1700000030:step_script\r${el}\u001B[31;1mERROR: Job failed: exit code 2\n\u001B[0;m\n`,
].join('');

/** Two lines with FF_TIMESTAMPS, the first in two pieces. */
export const stampedJob = [
  '2026-01-01T01:00:00.020010Z 00O \u001B[0KRunning with gitlab-runner 18.7.0\n',
  '2026-01-01T01:00:01.020010Z 01O half a \n',
  '2026-01-01T01:00:01.120010Z 01O+line\n',
  '2026-01-01T01:00:02.020010Z 01E on standard error\n',
].join('');

export function logOf(text: string | Uint8Array, sizes: readonly number[] = []): TraceLog {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const log = new TraceLog();
  let at = 0;
  for (const size of sizes) {
    log.append(bytes.subarray(at, at + size));
    at += size;
  }
  log.append(bytes.subarray(at));
  log.complete();
  return log;
}

export function lines(log: TraceLog): string[] {
  return Array.from({ length: log.lineCount }, (_, line) => log.text(line));
}
