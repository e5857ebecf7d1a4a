import { userInfo } from 'node:os';
import { openPipe, type Pipe } from '../process/pipe.ts';
import type { Target } from './configuration.ts';
import { checkDestination } from './destination.ts';

/**
 * The socket of a target that is not reached directly: the user's own ssh carries it through the jump hosts (with its own
 * known_hosts and keys, never asking), or the user's ProxyCommand does. Undefined for a direct connection.
 */
export function openProxy(target: Target): Pipe | undefined {
  const { hostName, port, proxyJump, proxyCommand, configFile } = target;
  const last = proxyJump.at(-1);
  if (last !== undefined) {
    checkDestination(last);
    const before = proxyJump.slice(0, -1);
    return openPipe([
      'ssh',
      ...(configFile === undefined ? [] : ['-F', configFile]),
      '-o',
      'BatchMode=yes',
      ...(before.length === 0 ? [] : ['-J', before.join(',')]),
      '-W',
      `[${hostName}]:${port}`,
      '--',
      /:\d+$/.test(last) ? `ssh://${last}` : last,
    ]);
  }
  if (proxyCommand === undefined) return undefined;
  return openPipe([process.env.SHELL || '/bin/sh', '-c', `exec ${expandCommand(proxyCommand, target)}`]);
}

/** The tokens of ssh_config(5) that a ProxyCommand may hold. The names were checked to hold nothing that a shell reads. */
function expandCommand(command: string, { hostName, port, user, destination, knownAs }: Target): string {
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    h: hostName,
    n: destination.replace(/^.*@/, ''),
    p: String(port),
    r: user,
    u: userInfo().username,
    k: knownAs,
  };
  return command.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
}
