import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pty from '@lydell/node-pty';

/** The program as it is built. */
export const program = join(import.meta.dirname, '../../bin/huskycat-tui.js');

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An environment in which the program finds nothing of its user: no configuration, no state, no token. */
export function cleanEnvironment(home) {
  const own = /^(?:CI|NO_COLOR|FORCE_COLOR|COLORFGBG|NODE_ENV|GITLAB_|GL_|ATTIC_|HUSKYCAT_|XDG_)/;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return {
    ...inherited,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_STATE_HOME: join(home, 'state'),
    HUSKYCAT_NO_KEYCHAIN: '1',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** Runs Node with `argv` in a real pseudo-terminal, in a home of its own unless one is given. `onData` sees what it writes. */
export function openTerminal(
  argv,
  { columns = 160, rows = 45, env = {}, home = undefined, cwd = undefined, onData = () => {} } = {},
) {
  const folder = home ?? mkdtempSync(join(tmpdir(), 'huskycat-terminal-'));
  const started = performance.now();
  const child = pty.spawn(process.execPath, argv, {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd: cwd ?? folder,
    env: { ...cleanEnvironment(folder), ...env },
  });
  const terminal = {
    pid: child.pid,
    bytes: 0,
    text: '',
    /** When something came last; undefined until then. */
    seen: undefined,
    write: (keys) => child.write(keys),
    /** Milliseconds from the start until what was written matches; throws when the program ends before. */
    async until(pattern, milliseconds = 30_000) {
      for (;;) {
        const at = terminal.matched.get(pattern) ?? look(pattern);
        if (at !== undefined) return at - started;
        if (terminal.hasEnded) throw new Error(`it ended before ${pattern}:\n${terminal.text.slice(-2_000)}`);
        if (performance.now() - started > milliseconds)
          throw new Error(`never wrote ${pattern}:\n${terminal.text.slice(-2_000)}`);
        await wait(1);
      }
    },
    matched: new Map(),
    hasEnded: false,
    /** Asks with Ctrl-C, then waits for the end. */
    async close() {
      if (!terminal.hasEnded) child.write('\u0003');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await terminal.ended;
      clearTimeout(timer);
      if (home === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
  const look = (pattern) => {
    const isThere =
      typeof pattern === 'string' ? terminal.text.includes(pattern) : pattern.test(terminal.text);
    if (isThere) terminal.matched.set(pattern, terminal.seen);
    return terminal.matched.get(pattern);
  };
  child.onData((data) => {
    terminal.seen = performance.now();
    terminal.bytes += Buffer.byteLength(data);
    terminal.text = (terminal.text + data).slice(-200_000);
    onData(data);
  });
  terminal.ended = new Promise((resolve) => {
    child.onExit((end) => {
      terminal.hasEnded = true;
      resolve(end);
    });
  });
  return terminal;
}

/** Milliseconds of processor time that a process has taken, in steps of ten. */
export function processorTime(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Megabytes that a process holds. */
export function residentMemory(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

export function median(values) {
  return share(values, 0.5);
}

export function share(values, part) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];
}
