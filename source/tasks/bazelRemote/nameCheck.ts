import { lookup } from 'node:dns/promises';
import { isAny } from '../../core/bazelRemote/proposals.ts';
import type { Preflight } from '../task.ts';
import { hostOf } from './certificate.ts';
import type { Deploying } from './deploying.ts';

/** The record that the endpoint needs: a name is looked up and never claimed. */
export async function nameCheck({ endpoint, deployment }: Deploying): Promise<Preflight[]> {
  const host = hostOf(endpoint);
  if (!/[a-z]/i.test(host) || host.includes(':')) return [];
  const line = { id: 'dns', title: `name ${host}` };
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = found.map(({ address }) => address);
  if (addresses.includes(deployment.bind) || (isAny(deployment.bind) && addresses.length > 0))
    return [{ ...line, state: 'fine', saw: `resolves here to ${addresses.join(', ')}` }];
  const type = deployment.bind.includes(':') ? 'AAAA' : 'A';
  return [
    {
      ...line,
      state: 'warning',
      saw:
        addresses.length === 0 ? 'it does not resolve here' : `it resolves here to ${addresses.join(', ')}`,
      fix: `Create the DNS record: ${host} ${type} ${isAny(deployment.bind) ? 'the host’s address' : deployment.bind}`,
    },
  ];
}
