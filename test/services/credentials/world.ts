import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRedactor } from '../../../source/core/text/redact.ts';
import type { TokenQuestion } from '../../../source/services/credentials/find.ts';

export const now = Date.UTC(2026, 10, 24, 20, 0);

/** A home folder of its own with the given files (0600), and a question about a token in it. */
export function openHome(files: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'huskycat-home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const write = (path: string, text: string, mode = 0o600): string => {
    const full = join(home, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    chmodSync(full, mode);
    return full;
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const redactor = createRedactor();
  const question = (more: Partial<TokenQuestion> = {}): TokenQuestion => ({
    server: 'https://gitlab.com',
    readInput: () => Promise.reject(new Error('nobody reads standard input')),
    environment: {},
    keychain: { off: 'not in this test' },
    home,
    redactor,
    now,
    ...more,
  });
  return { home, write, redactor, question };
}
