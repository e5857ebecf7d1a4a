import { expect, test } from 'vitest';
import { keptInLog } from '../../../source/core/lifetimes/log.ts';
import { cacheText, type JobRecord, measureJobs } from '../../../source/core/lifetimes/measured.ts';
import { TraceLog } from '../../../source/core/trace/log.ts';

/** As gitlab-runner writes it; `\u001b[0K` and colours as in a real trace. */
const found = `section_start:1700000000:restore_cache\r\u001b[0K\u001b[0K\u001b[36;1mRestoring cache\u001b[0;m
\u001b[32;1mChecking cache for uv-main-protected...\u001b[0;m
Downloading cache from https://storage.example/cache.zip  ETag="x"
\u001b[32;1mSuccessfully extracted cache\u001b[0;m
\u001b[32;1mChecking cache for pip-main-protected...\u001b[0;m
\u001b[0;33mWARNING: file does not exist                     \u001b[0;m
\u001b[0;33mFailed to extract cache\u001b[0;m
section_end:1700000007:restore_cache\r\u001b[0Ksection_start:1700000007:download_artifacts\r\u001b[0K\u001b[36;1mDownloading artifacts\u001b[0;m
\u001b[32;1mDownloading artifacts for build: [linux, amd64] (123)...\u001b[0;m
Downloading artifacts from coordinator... ok        id=123 responseStatus=200 OK
section_end:1700000010:download_artifacts\r\u001b[0Ksection_start:1700000010:step_script\r\u001b[0K
kept-download: took tool-linux 1.2.3 from the package registry
section_end:1700000040:step_script\r\u001b[0Ksection_start:1700000040:archive_cache\r\u001b[0K
\u001b[32;1mCreating cache uv-main-protected...\u001b[0;m
.cache/uv: found 1200 matching artifact files and directories
Archive is up to date!
\u001b[32;1mCreated cache\u001b[0;m
Not uploading cache pip-main-protected due to policy
section_end:1700000052:archive_cache\r\u001b[0K
`;

const local = `\u001b[32;1mChecking cache for uv-main...\u001b[0;m
No URL provided, cache will not be downloaded from shared cache server. Instead a local version of cache will be extracted.
\u001b[32;1mSuccessfully extracted cache\u001b[0;m
\u001b[32;1mCreating cache uv-main...\u001b[0;m
No URL provided, cache will not be uploaded to shared cache server. Cache will be stored only locally.
\u001b[32;1mCreated cache\u001b[0;m
`;

function read(text: string, pieces = 1) {
  const log = new TraceLog();
  const bytes = Buffer.from(text);
  for (let at = 0; at < pieces; at++)
    log.append(
      bytes.subarray(
        Math.floor((at * bytes.length) / pieces),
        Math.floor(((at + 1) * bytes.length) / pieces),
      ),
    );
  log.complete();
  return keptInLog(log);
}

test('caches, artifacts, kept downloads and what each took, however the log arrives', () => {
  for (const pieces of [1, 7, found.length])
    expect(read(found, pieces)).toEqual({
      reads: [
        { key: 'uv-main-protected', isFound: true, isLocal: false },
        { key: 'pip-main-protected', isFound: false, isLocal: false },
      ],
      writes: [
        { key: 'uv-main-protected', outcome: 'current', isLocal: false },
        { key: 'pip-main-protected', outcome: 'policy', isLocal: false },
      ],
      artifactsOf: ['build: [linux, amd64]'],
      restoring: 7,
      saving: 12,
      gettingArtifacts: 3,
      kept: ['kept-download: took tool-linux 1.2.3 from the package registry'],
    });
});

test('a cache that the runner keeps by itself, and a log with a stamp before each line', () => {
  const stamped = local.replace(/^(?=.)/gm, '2026-01-01T01:00:00.020010Z 00O ');
  for (const text of [local, stamped])
    expect(read(text)).toMatchObject({
      reads: [{ key: 'uv-main', isFound: true, isLocal: true }],
      writes: [{ key: 'uv-main', outcome: 'created', isLocal: true }],
    });
  expect(read('')).toEqual({ reads: [], writes: [], artifactsOf: [], kept: [] });
});

function record(duration: number, isFound: boolean): JobRecord {
  const log = { reads: [{ key: 'k', isFound, isLocal: false }], writes: [], artifactsOf: [], kept: [] };
  return { job: 'lint', pipeline: 1, ref: 'main', at: '2026-01-01T00:00:00Z', duration, log };
}

test('a saving is said with its N, only when there are enough runs of each kind and more than chance', () => {
  const runs = (cold: readonly number[], warm: readonly number[]) => {
    const measured = measureJobs([
      ...cold.map((one) => record(one, false)),
      ...warm.map((one) => record(one, true)),
    ]);
    const lint = measured.get('lint');
    return lint ? cacheText(lint) : '';
  };
  expect(runs([90, 95], [30, 32])).toContain('too few runs with it (2) and without it (2)');
  expect(runs([90, 95, 92, 97, 91], [30, 32, 31, 33, 29])).toMatch(
    /^found in 5 of 10 runs; saves 1m 02s: 1m 32s without it \(N 5\), 31s with it \(N 5\)$/,
  );
  expect(runs([90, 95, 92, 97, 91], [91, 94, 93, 96, 92])).toContain('saves nothing that was measured');
});
