import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces, userInfo } from 'node:os';
import type { Target } from './configuration.ts';

/**
 * True when a target is the machine and the user that this program runs as, reached without a detour: then commands need no
 * SSH. Another port than 22 may be a container or a tunnel, another user has other rights: both go by SSH.
 */
export async function isThisMachine(target: Target): Promise<boolean> {
  const { hostName, port, user, proxyJump, proxyCommand } = target;
  if (port !== 22 || proxyJump.length > 0 || proxyCommand !== undefined || user !== userInfo().username)
    return false;
  const name = hostName.toLowerCase().replace(/\.$/, '');
  const own = hostname().toLowerCase();
  if (['localhost', own, own.split('.')[0]].includes(name)) return true;
  const addresses = await lookup(hostName, { all: true }).catch(() => []);
  const mine = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  );
  return addresses.some(
    ({ address }) => mine.has(address) || address.startsWith('127.') || address === '::1',
  );
}
