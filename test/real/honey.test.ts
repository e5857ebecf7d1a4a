import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from './require.ts';

const script = needs('honey', 'HUSKYCAT_TEST_HONEY');

/** Honey is in a network namespace of its own, so its tests (honeyInside) are run in there, by a test run of their own. */
describe.skipIf(!script || userInfo().uid !== 0)('honey', () => {
  test('is seen and used as the host that it is', () => {
    const base = mkdtempSync(join(tmpdir(), 'huskycat-honey-'));
    const env = { ...process.env, BASE: base, NAME: `husky${process.pid}` };
    const honey = (verb: string) =>
      spawnSync(script as string, [verb], { env, encoding: 'utf8', timeout: 150_000 });
    try {
      const { status, stdout, stderr } = honey('up');
      expect(status, stderr).toBe(0);
      const described = stdout.trim().split('\n').at(-1) ?? '';
      const { run } = JSON.parse(described) as { readonly run: string };
      const [program = '', ...prefix] = run.split(' ');
      const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
      const inside = spawnSync(
        program,
        [
          ...prefix,
          process.execPath,
          vitest,
          'run',
          '--config',
          'vitest.real.config.ts',
          'test/real/honeyInside.test.ts',
        ],
        { env: { ...process.env, HUSKYCAT_TEST_HONEY_UP: described }, encoding: 'utf8', timeout: 150_000 },
      );
      expect(inside.status, inside.stdout + inside.stderr).toBe(0);
      expect(inside.stdout).toMatch(/Tests .*\d+ passed/);
    } finally {
      honey('down');
      rmSync(base, { recursive: true, force: true });
    }
  });
});
