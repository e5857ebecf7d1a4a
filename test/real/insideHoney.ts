import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs, wants } from './require.ts';

/** Who logs in, in words, and the name of the user; empty for root. */
type Login = readonly [title: string, operator: string];

export interface InsideHoney {
  readonly title: string;
  /** Of the network namespace and of the temporary folder: `task10`. */
  readonly name: string;
  /** The variable in which the tests within find what honey said of itself. */
  readonly variable: string;
  /** Paths of test files. */
  readonly files: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Root and a user of the group docker, when absent. */
  readonly logins?: readonly Login[];
  /** What is started in place of honey, and the variable that names its script; it is never required. */
  readonly instead?: readonly [name: string, variable: string];
}

const usual: readonly Login[] = [
  ['root', ''],
  ['a user of the group docker', 'huskyops'],
];

/** Honey is in a network namespace of its own, so what is tested runs in there, by a test run of its own for each login. */
export function insideHoney({
  title,
  name,
  variable,
  files,
  timeout,
  logins = usual,
  instead,
}: InsideHoney): void {
  const script = instead ? wants(...instead) : needs('honey', 'HUSKYCAT_TEST_HONEY');
  describe.skipIf(!script || userInfo().uid !== 0)(title, () => {
    test.each(logins)(
      'deployed and taken back as %s',
      (_, operator) => {
        const base = mkdtempSync(join(tmpdir(), `huskycat-${name}-`));
        const env = { ...process.env, BASE: base, NAME: `${name}x${process.pid}`, OPERATOR: operator };
        const honey = (verb: string) =>
          spawnSync(script as string, [verb], { env, encoding: 'utf8', timeout: 150_000 });
        try {
          const { status, stdout, stderr } = honey('up');
          expect(status, stderr).toBe(0);
          const described = stdout.trim().split('\n').at(-1) ?? '';
          const { run } = JSON.parse(described) as { readonly run: string };
          const [program = '', ...prefix] = run.split(' ');
          const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
          const argv = [
            ...prefix,
            process.execPath,
            vitest,
            'run',
            '--config',
            'vitest.real.config.ts',
            ...files,
          ];
          const inside = spawnSync(program, argv, {
            env: { ...process.env, [variable]: described },
            encoding: 'utf8',
            timeout,
          });
          expect(inside.status, inside.stdout + inside.stderr).toBe(0);
          expect(inside.stdout).toMatch(/Tests .*\d+ passed/);
        } finally {
          honey('down');
          rmSync(base, { recursive: true, force: true });
        }
      },
      timeout + 180_000,
    );
  });
}
