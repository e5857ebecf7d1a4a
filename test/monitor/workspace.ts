import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Unavailable } from '../../source/core/failure.ts';
import { createRedactor } from '../../source/core/text/redact.ts';
import { createActivity } from '../../source/services/activity.ts';
import { createGate } from '../../source/services/gate.ts';
import { openCheckout } from '../../source/services/git/checkout.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import { openJournal } from '../../source/services/journal.ts';
import type { Workspace } from '../../source/services/workspace.ts';

/** What each call of a scripted GitLab does; a call that is not scripted fails as a dead server does. */
export type Script = { [Name in keyof GitLab]?: GitLab[Name] };

export const dead = (): Promise<never> =>
  Promise.reject(
    new Unavailable({
      tried: 'GET https://gitlab.test/api/v4',
      saw: 'connection refused',
      next: ['Is the server up?'],
      code: 'refused',
    }),
  );

/** A GitLab whose calls are the test's own. */
export function scriptedGitLab(script: Script): GitLab {
  const base = { server: 'https://gitlab.test', projectPath: 'tinyland/ai/huskycat' };
  return new Proxy({ ...base, rateLimit: () => undefined, clockOffset: () => 0, ...script } as GitLab, {
    get: (target, name) => (name in target ? target[name as keyof GitLab] : dead),
  });
}

/** A workspace over a checkout of its own with these files; only what the test gives is connected. */
export function openTestWorkspace(
  files: Readonly<Record<string, string>>,
  services: Partial<Pick<Workspace, 'gitlab' | 'attic' | 'bazelRemote' | 'honey'>>,
): Workspace & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'huskycat-tui-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
  const now = Date.now;
  const { redact } = createRedactor();
  const activity = createActivity({ now, redact });
  const journal = openJournal(join(directory, 'journal.jsonl'));
  const off = { off: 'not part of this test' };
  return {
    directory,
    profile: 'test',
    isSandbox: false,
    openCheckout: () => openCheckout(directory),
    gitlab: off,
    attic: off,
    bazelRemote: off,
    honey: off,
    registry: { tags: dead, resolve: dead },
    toolchain: { look: async () => [] },
    gate: createGate({ journal, activity, redact, now, readOnly: false, run: 'test' }),
    journal,
    activity,
    redact,
    now,
    ...services,
  };
}
