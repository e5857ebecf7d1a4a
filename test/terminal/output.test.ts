import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/huskycat-tui.js');

/** Runs the built program in an empty folder, through a shell. */
function shell(words: string): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-output-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = `"${process.execPath}" "${launcher}"`;
  return spawnSync('sh', ['-c', words.replace('PROGRAM', program)], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder },
    encoding: 'utf8',
  });
}

test.skipIf(process.platform !== 'linux')(
  'a full disk behind standard output is one clear message, and a reader that has gone is none',
  () => {
    const full = shell('PROGRAM journal >/dev/full');
    expect(full).toMatchObject({ status: 2 });
    expect(full.stderr).toContain('write to standard output: ENOSPC');
    expect(full.stderr).toContain('Make room on that disk');
    expect(full.stderr).not.toContain('node:');
    expect(shell('PROGRAM journal --json | true').stderr).toBe('');
  },
);

test('a command that is not there is named', () => {
  const { status, stderr } = shell('PROGRAM stauts');
  expect(status).toBe(2);
  expect(stderr).toContain('no command is named stauts\n  See: huskycat-tui --help');
});

test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
  '%s leaves nothing of the sandbox behind',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'huskycat-output-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('huskycat-'));
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
    const child = spawn(process.execPath, [launcher, 'status', '--sandbox'], { env });
    const ended = once(child, 'exit');
    await vi.waitFor(() => expect(left()).toHaveLength(1), 10_000);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(left()).toEqual([]);
  },
);
