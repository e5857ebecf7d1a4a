import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What `nix store verify` says of a path's signatures: 0 trusted, 2 untrusted. A fresh HOME each time: nix believes what it saw before. */
export function nixVerify(nix: string, store: string, path: string, key: string): Promise<number | null> {
  const home = mkdtempSync(join(tmpdir(), 'huskycat-nix-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const options = { 'trusted-public-keys': key, 'connect-timeout': '3', 'download-attempts': '1' };
  const child = spawn(
    nix,
    [
      ...['--extra-experimental-features', 'nix-command flakes'],
      ...['store', 'verify', '--no-contents', '--sigs-needed', '1', '--store', store, path],
      ...Object.entries(options).flatMap(([name, value]) => ['--option', name, value]),
    ],
    {
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, '.cache') },
      stdio: 'ignore',
    },
  );
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}
