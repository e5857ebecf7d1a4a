import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from './require.ts';

const script = needs('honey', 'HUSKYCAT_TEST_HONEY');

/** Honey is in a network namespace of its own, so what is tested (task10Inside, task10TroubleInside) runs in there, by a test run of its own. */
describe.skipIf(!script || userInfo().uid !== 0)('a cache on honey', () => {
  test.each([
    ['root', ''],
    ['a user of the group docker', 'huskyops'],
  ])(
    'is deployed and taken back as %s',
    (_, operator) => {
      const base = mkdtempSync(join(tmpdir(), 'huskycat-task10-'));
      const env = { ...process.env, BASE: base, NAME: `task10x${process.pid}`, OPERATOR: operator };
      const honey = (verb: string) =>
        spawnSync(script as string, [verb], { env, encoding: 'utf8', timeout: 150_000 });
      try {
        const { status, stdout, stderr } = honey('up');
        expect(status, stderr).toBe(0);
        const described = stdout.trim().split('\n').at(-1) ?? '';
        const { run } = JSON.parse(described) as { readonly run: string };
        const [program = '', ...prefix] = run.split(' ');
        const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
        const files = ['test/real/task10Inside.test.ts', 'test/real/task10TroubleInside.test.ts'];
        const config = ['--config', 'vitest.real.config.ts', ...files];
        const inside = spawnSync(program, [...prefix, process.execPath, vitest, 'run', ...config], {
          env: { ...process.env, HUSKYCAT_TEST_TASK10_UP: described },
          encoding: 'utf8',
          timeout: 600_000,
        });
        expect(inside.status, inside.stdout + inside.stderr).toBe(0);
        expect(inside.stdout).toMatch(/Tests .*\d+ passed/);
      } finally {
        honey('down');
        rmSync(base, { recursive: true, force: true });
      }
    },
    780_000,
  );
});
