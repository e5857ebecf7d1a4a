import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Sandbox } from '../../source/sandbox/types.ts';
import { openSession, type Session } from './session.ts';

const launcher = join(import.meta.dirname, '../../bin/huskycat-tui.js');

export interface Ended {
  readonly status: number | null;
  readonly said: string;
}

export interface TaskWorld {
  /** Of the world's own checkout. */
  read(path: string): string;
  write(path: string, text: string): void;
  /** Everything that the program keeps: journal, records of runs, locks. */
  kept(): string;
  /** Runs `task ARGUMENTS` without a terminal, to its end. */
  run(...args: string[]): Promise<Ended>;
  /** Runs it in a terminal; its process id is in the file that `pid()` reads. */
  open(...args: string[]): Session;
  readonly folder: string;
}

/** A copy of the sandbox's checkout, a token file and a state folder: what several runs of the real program share. */
export function taskWorld(
  { addresses }: Sandbox,
  environment: Readonly<Record<string, string>> = {},
): TaskWorld {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const checkout = join(folder, 'checkout');
  const state = join(folder, 'state');
  cpSync(addresses.checkout, checkout, { recursive: true });
  mkdirSync(state);
  const token = join(folder, 'token');
  writeFileSync(token, addresses.gitlab.token, { mode: 0o600 });
  const env = {
    HUSKYCAT_NO_KEYCHAIN: '1',
    HUSKYCAT_ATTIC_CACHE: addresses.attic.cache,
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: state,
    ...environment,
  };
  const argv = (args: readonly string[]): string[] => [
    launcher,
    'task',
    ...args,
    ...['--dir', checkout, '--host', addresses.gitlab.url, '--project', addresses.gitlab.project],
    ...['--attic', addresses.attic.url, '--token-file', token],
  ];
  return {
    folder,
    read: (path) => readFileSync(join(checkout, path), 'utf8'),
    write: (path, text) => writeFileSync(join(checkout, path), text),
    kept: () =>
      readdirSync(state, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
        .join('\n'),
    run(...args) {
      const child = spawn(process.execPath, argv(args), {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => {
          said += text;
        });
      return new Promise((resolve) => child.on('close', (status) => resolve({ status, said })));
    },
    open(...args) {
      const script = 'echo $$ > "$FIXTURE_PID"; exec "$0" "$@"';
      const command = ['sh', '-c', script, process.execPath, ...argv(args)] as [string, ...string[]];
      return openSession(command, env, { columns: 160, rows: 60 });
    },
  };
}

/** An attic-cache checkout whose script takes the token, writes the key, and then waits for `go()`. */
export function waitingScript(folder: string, key: string) {
  const attic = join(folder, 'attic-cache');
  mkdirSync(join(attic, 'scripts'), { recursive: true });
  const script = `test -n "$ATTIC_TOKEN" || exit 9
echo "${key}" > public-key.txt
echo "begun with $ATTIC_TOKEN" >&2
while [ ! -e go ]; do sleep 0.02; done
`;
  writeFileSync(join(attic, 'scripts/init-cache.sh'), script);
  return {
    path: attic,
    go: () => writeFileSync(join(attic, 'go'), ''),
    hasKey: () => existsSync(join(attic, 'public-key.txt')),
  };
}

/** The arguments of every process of this machine. */
export function allArguments(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}
