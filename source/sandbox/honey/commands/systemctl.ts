import { superuser } from '../fileSystem.ts';
import { type Execution, type Machine, noInput, type Program } from '../shell/context.ts';
import type { RunCommand, UnitManager } from '../units/manager.ts';
import { readOptions } from './options.ts';

/** Services that came with honey, and whether they start at boot. */
const installed: Readonly<Record<string, boolean>> = {
  'docker.service': true,
  'sshd.service': true,
  'tailscaled.service': true,
  'rke2-server.service': true,
  'podman-restart.service': false,
};

const changing = ['daemon-reload', 'start', 'stop', 'restart', 'enable', 'disable'];

/** `systemctl` of the machine, or with `--user` of who calls it, for one unit. */
export const systemctl: Program = async (args, execution) => {
  const { machine, user, err, out } = execution;
  const { flags, rest } = readOptions(args);
  const [verb = '', given = ''] = rest;
  const isUser = flags.has('user');
  const name = given === '' || /\.\w+$/.test(given) ? given : `${given}.service`;
  const manager = isUser ? machine.userUnits : machine.units;
  const runtime = execution.shell.variables.get('XDG_RUNTIME_DIR');
  if (isUser && (runtime !== `/run/user/${user.uid}` || !machine.files.exists(`${runtime}/bus`))) {
    err('Failed to connect to bus: No medium found\n');
    return 1;
  }
  if (!isUser && user.uid !== 0 && changing.includes(verb)) {
    err(`Failed to ${verb}${name === '' ? '' : ` ${name}`}: Interactive authentication required.\n`);
    return 1;
  }
  switch (verb) {
    case 'daemon-reload':
      manager.reload();
      return 0;
    case 'is-active': {
      const state = manager.state(name) ?? (isUser ? undefined : activeOf(name)) ?? 'inactive';
      if (!flags.has('quiet') && !flags.has('q')) out(`${state}\n`);
      return state === 'active' ? 0 : 3;
    }
    case 'is-enabled': {
      const state = manager.enablement(name) ?? (isUser ? undefined : enabledOf(name));
      if (state === undefined) {
        err(`Failed to get unit file state for ${name}: No such file or directory\n`);
        return 1;
      }
      if (!flags.has('quiet') && !flags.has('q')) out(`${state}\n`);
      return state === 'disabled' ? 1 : 0;
    }
    case 'enable':
    case 'disable':
      return setEnabled(manager, verb, name, execution);
    case 'start':
    case 'restart':
      if (verb === 'restart') await manager.stop(name);
      return (await manager.start(name, commandOf(execution, isUser))) === 'absent'
        ? absent(verb, name, execution)
        : 0;
    case 'stop':
      return (await manager.stop(name)) === 'absent' ? absent(verb, name, execution) : 0;
    default:
      err(`systemctl: only ${[...changing, 'is-active', 'is-enabled'].join(', ')} are here\n`);
      return 1;
  }
};

function activeOf(name: string): 'active' | undefined {
  return installed[name] ? 'active' : undefined;
}

function enabledOf(name: string): 'enabled' | 'disabled' | undefined {
  const known = installed[name];
  return known === undefined ? undefined : known ? 'enabled' : 'disabled';
}

function setEnabled(
  manager: UnitManager,
  verb: 'enable' | 'disable',
  name: string,
  execution: Execution,
): number {
  const result = manager.setEnabled(name, verb === 'enable');
  if (result === 'done') return 0;
  execution.err(
    result === 'generated'
      ? `Failed to ${verb} unit: Unit /run/systemd/generator/${name} is transient or generated.\n`
      : `Failed to ${verb} unit: Unit file ${name} does not exist.\n`,
  );
  return 1;
}

function absent(verb: string, name: string, { err }: Execution): number {
  err(`Failed to ${verb} ${name}: Unit ${name} not found.\n`);
  return 5;
}

/** A unit of the machine runs as root; what it says goes to the journal, which is not here. */
function commandOf(execution: Execution, isUser: boolean): RunCommand {
  const user = isUser ? execution.user : superuser;
  const silent = { input: noInput, out: () => {}, err: () => {} };
  return (argv, signal) => execution.run(argv, { user, signal, ...silent });
}

/** Both systemds of a machine that is stopped. */
export async function stopUnits({ units, userUnits }: Pick<Machine, 'units' | 'userUnits'>): Promise<void> {
  await units.shutDown();
  await userUnits.shutDown();
}
