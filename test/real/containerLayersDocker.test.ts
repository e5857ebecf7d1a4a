import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wants, wantsProgram } from './require.ts';

const buildkitd = wants('buildkitd', 'HUSKYCAT_TEST_BUILDKITD');
const buildx = wants('plugin buildx of docker', 'HUSKYCAT_TEST_BUILDX');
const kaniko = wants('executor of Kaniko', 'HUSKYCAT_TEST_KANIKO');
const isThere = ['dockerd', 'docker', 'docker-registry', 'busybox', 'ip', 'unshare', 'jq'].map(wantsProgram);

/** An engine wants a network to itself, so its tests (containerLayersDockerInside) run in one, by a test run of their own. */
describe.skipIf(!(buildkitd && buildx) && !kaniko)('what the task writes for Docker and Kaniko', () => {
  test.skipIf(isThere.includes(undefined) || process.getuid?.() !== 0)(
    'builds with a real engine',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'huskycat-dockerd-'));
      const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
      try {
        const inside = spawnSync(
          'unshare',
          [
            // What it started ends with it, whatever ends it.
            ...['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
            ...[process.execPath, vitest, 'run', '--config', 'vitest.real.config.ts'],
            'test/real/containerLayersDockerInside.test.ts',
          ],
          {
            env: { ...process.env, HUSKYCAT_TEST_ENGINE_FOLDER: folder },
            encoding: 'utf8',
            timeout: 540_000,
          },
        );
        expect(inside.status, inside.stdout + inside.stderr).toBe(0);
        expect(inside.stdout).toMatch(/Tests .*\d+ passed/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    600_000,
  );
});
