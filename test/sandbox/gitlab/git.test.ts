import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { huskycatHistory } from '../../../source/sandbox/checkout/history.ts';
import { createWorldClock } from '../../../source/sandbox/clock.ts';
import { type SandboxGitLab, startGitLab } from '../../../source/sandbox/gitlab/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'huskycat-git-'));
const clock = createWorldClock();
let server: SandboxGitLab;
beforeAll(async () => {
  const repository = huskycatHistory('http://127.0.0.1:18080', clock.now());
  server = await startGitLab({ clock, repository, atticToken: 'attic-token-value' });
});
afterAll(async () => {
  await server.stop();
  clock.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function git(...argv: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  const { stdout, stderr } = await promisify(execFile)('git', argv, { cwd: folder, env });
  return stdout + stderr;
}

function address(token: string): string {
  return `${server.url.replace('//', `//oauth2:${token}@`)}/${server.project}.git`;
}

test('git clones, and pulls what was merged since', async () => {
  await git('clone', '--quiet', address(server.tokens.api), 'clone');
  const inside = join(folder, 'clone');
  expect(await git('-C', inside, 'fsck', '--strict')).not.toMatch(/error|missing|corrupt/);
  expect((await git('-C', inside, 'rev-parse', 'HEAD')).trim()).toBe(
    server.world.repository.branches.get('main'),
  );
  const answer = await fetch(
    `${server.url}/api/v4/projects/${encodeURIComponent(server.project)}/repository/commits`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${server.tokens.api}` },
      body: JSON.stringify({
        branch: 'main',
        commit_message: 'Change the readme',
        actions: [{ action: 'update', file_path: 'README.md', content: '# Changed ü\n' }],
      }),
    },
  );
  expect(answer.status).toBe(201);
  await git('-C', inside, 'pull', '--quiet', '--ff-only');
  expect(readFileSync(join(inside, 'README.md'), 'utf8')).toBe('# Changed ü\n');
});

test('it is the repository of members whose token may read it, and takes no push', async () => {
  const { tokens } = server;
  for (const token of ['wrong', tokens.readOnly, tokens.expired, tokens.outsider, tokens.narrow])
    await expect(git('ls-remote', address(token))).rejects.toThrow(/Authentication failed|Access denied/);
  await expect(git('ls-remote', address(tokens.developer))).resolves.toContain('refs/heads/main');
  await expect(
    git('-C', join(folder, 'clone'), 'push', '--quiet', 'origin', 'main:refs/heads/other'),
  ).rejects.toThrow();
  expect(server.world.repository.branches.has('other')).toBe(false);
});
