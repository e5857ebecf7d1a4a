import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { program } from './terminal.js';

/**
 * A home whose user has configured a quiet GitLab, and where asked also the caches of a sandbox at the world's own pace. `argv`
 * starts the program's screen over it.
 */
export async function openTarget({ jobs = 24, logBytes = 100_000, hasCaches = false } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'huskycat-bench-'));
  const gitlab = await startProcess([
    join(import.meta.dirname, 'gitlabProcess.js'),
    String(jobs),
    String(logBytes),
  ]);
  const caches = hasCaches ? await startProcess([program, 'sandbox', '--speed', '1']) : undefined;
  writeFileSync(join(home, 'token'), 'glpat-bench-token-of-nobody', { mode: 0o600 });
  const flags = ['--host', gitlab.first, '--project', 'bench/huskycat', '--token-file', join(home, 'token')];
  if (caches) {
    const { attic, bazelRemote, checkout } = JSON.parse(caches.first);
    flags.push(
      '--attic',
      `${attic.url}/${attic.cache}`,
      '--bazel-remote',
      bazelRemote.http,
      '--dir',
      checkout,
    );
  }
  return {
    home,
    flags,
    argv: [program, ...flags],
    requests: async () => Number(await gitlab.ask()),
    async close() {
      await gitlab.stop();
      await caches?.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts Node with `argv`; resolves with its first line. */
async function startProcess(argv) {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  const first = await next();
  if (first === undefined) throw new Error(`${argv.join(' ')} ended`);
  return {
    first,
    ask() {
      child.stdin.write('\n');
      return next();
    },
    stop() {
      child.kill('SIGTERM');
      return new Promise((resolve) => child.on('exit', resolve));
    },
  };
}
