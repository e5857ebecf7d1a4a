import { operatorName } from '../names.ts';
import type { Execution, Program } from '../shell/context.ts';
import { readOptions } from './options.ts';
import { systemctl } from './systemctl.ts';

/** Programs that say what the machine is and who asks. */
export const systemPrograms: Readonly<Record<string, Program>> = {
  true: () => 0,
  false: () => 1,
  uname: (args, { machine, out }) => {
    const { flags } = readOptions(args);
    const parts: readonly (readonly [string, string])[] = [
      ['s', 'Linux'],
      ['n', machine.hostname],
      ['r', machine.kernel],
      ['v', '#1 SMP PREEMPT_DYNAMIC'],
      ['m', machine.architecture],
      ['o', 'GNU/Linux'],
    ];
    const wanted = parts.filter(
      ([flag]) => flags.has('a') || flags.has(flag) || (flags.size === 0 && flag === 's'),
    );
    return say(out, wanted.map(([, text]) => text).join(' '));
  },
  hostname: (_, { machine, out }) => say(out, machine.hostname),
  arch: (_, { machine, out }) => say(out, machine.architecture),
  nproc: (_, { machine, out }) => say(out, String(machine.processors)),
  getconf: ([name = ''], { machine, out }) => {
    if (/_NPROCESSORS/.test(name)) return say(out, String(machine.processors));
    if (name === 'PAGESIZE' || name === 'PAGE_SIZE') return say(out, '4096');
    return 1;
  },
  whoami: (_, { user, out }) => say(out, user.name),
  groups: (_, { user, out }) => say(out, user.groups.map(([name]) => name).join(' ')),
  id: (args, { user, out }) => {
    const { flags } = readOptions(args);
    const ids = user.groups.map(([name, gid]) => (flags.has('n') ? name : String(gid)));
    if (flags.has('u')) return say(out, flags.has('n') ? user.name : String(user.uid));
    if (flags.has('g')) return say(out, ids[0] ?? '');
    if (flags.has('G')) return say(out, ids.join(' '));
    const groups = user.groups.map(([name, gid]) => `${gid}(${name})`).join(',');
    return say(out, `uid=${user.uid}(${user.name}) gid=${user.gid}(${user.groups[0]?.[0]}) groups=${groups}`);
  },
  date: (args, { machine, out }) => {
    const format = args.find((arg) => arg.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S UTC %Y';
    return say(out, dateText(machine.now(), format));
  },
  uptime: (args, { machine, out }) => {
    const seconds = Math.floor((machine.now() - machine.bootedAt) / 1000);
    const days = Math.floor(seconds / 86_400);
    const clock = `${Math.floor((seconds % 86_400) / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}`;
    if (args[0] === '-s') return say(out, dateText(machine.bootedAt, '%F %T'));
    const loads = machine.loads.map((load) => load.toFixed(2)).join(', ');
    const time = dateText(machine.now(), '%T');
    return say(out, ` ${time} up ${days} days, ${clock},  1 user,  load average: ${loads}`);
  },
  free: (_, { out }) =>
    say(
      out,
      '               total        used        free      shared  buff/cache   available\nMem:       131822592    60381780     6217720     1022144    65223092    71440812\nSwap:        4194300      783100     3411200',
    ),
  env: async (args, execution) => {
    const { shell, out } = execution;
    const rest = [...args];
    const variables = new Map(shell.variables);
    const exported = new Set(shell.exported);
    while (rest[0]?.includes('=')) {
      const [name = '', ...value] = (rest.shift() ?? '').split('=');
      variables.set(name, value.join('='));
      exported.add(name);
    }
    if (rest.length > 0) return execution.run(rest, { shell: { ...shell, variables, exported } });
    for (const name of exported) out(`${name}=${variables.get(name) ?? ''}\n`);
    return 0;
  },
  printenv: ([name = ''], { shell, out }) =>
    shell.exported.has(name) ? say(out, shell.variables.get(name) ?? '') : 1,
  which: (names, { machine, out, err }) => {
    for (const name of names) {
      if (machine.programs.has(name)) out(`/usr/bin/${name}\n`);
      else err(`which: no ${name} in (/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin)\n`);
    }
    return names.every((name) => machine.programs.has(name)) ? 0 : 1;
  },
  sleep: ([duration = '0'], { signal }) => pause(Number.parseFloat(duration) * 1000, signal),
  timeout: async (args, execution) => {
    const from = args.findIndex(
      (arg, index) => !arg.startsWith('-') && !/^-[ks]$/.test(args[index - 1] ?? ''),
    );
    const [duration = '0', ...argv] = from < 0 ? [] : args.slice(from);
    const ended = AbortSignal.timeout(Math.max(1, Number.parseFloat(duration) * 1000));
    const signal = AbortSignal.any([execution.signal, ended]);
    const status = await execution.run(argv, { signal });
    return ended.aborted ? 124 : status;
  },
  sudo: (args, execution) => sudo(args, execution),
  systemctl,
};

function say(out: Execution['out'], text: string): number {
  out(`${text}\n`);
  return 0;
}

function sudo(args: readonly string[], execution: Execution): number | Promise<number> {
  const { machine, user, err } = execution;
  const { flags, values } = readOptions(args.slice(0, args.findIndex((arg) => !arg.startsWith('-')) + 1), [
    'u',
    'g',
  ]);
  const from = args.findIndex((arg, index) => !arg.startsWith('-') && !/^-[ug]$/.test(args[index - 1] ?? ''));
  const name = values.get('u') ?? (args.includes('-u') ? (args[args.indexOf('-u') + 1] ?? 'root') : 'root');
  const other = machine.users.find((one) => one.name === name);
  if (user.uid !== 0 && user.name !== operatorName) {
    err('sudo: a password is required\n');
    return 1;
  }
  if (!other) {
    err(`sudo: unknown user ${name}\n`);
    return 1;
  }
  if (from < 0) return flags.has('v') || flags.has('l') || flags.has('n') ? 0 : 1;
  return execution.run(args.slice(from), { user: other });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(signal.aborted ? 130 : 0);
    };
    const timer = setTimeout(end, Math.min(Math.max(0, milliseconds || 0), 2 ** 31 - 1));
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As date(1) prints it; honey's zone is UTC. */
function dateText(at: number, format: string): string {
  const date = new Date(at);
  const iso = date.toISOString();
  const values: Record<string, string> = {
    a: days[date.getUTCDay()] ?? '',
    b: months[date.getUTCMonth()] ?? '',
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    e: String(date.getUTCDate()).padStart(2),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    s: String(Math.floor(at / 1000)),
    N: `${String(at % 1000).padStart(3, '0')}000000`,
    Z: 'UTC',
    z: '+0000',
    n: '\n',
    '%': '%',
  };
  return format.replace(/%([%a-zA-Z])/g, (all, letter: string) => values[letter] ?? all);
}
