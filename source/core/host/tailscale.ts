import { plain } from '../text/safe.ts';
import type { HostState } from './model.ts';
import { fieldsOf, notUnderstood, parseJson, type Section } from './sections.ts';

/** What `tailscale status --json` says (ipnstate.Status): the state of the daemon and this node's addresses. */
export function tailscaleOf(sections: readonly Section[]): HostState['tailscale'] {
  if (sections.some(({ name }) => name === 'absent'))
    return { value: { running: false, addresses: [], saw: 'tailscale is not installed' } };
  const section = sections.find(({ name }) => name === 'status');
  const start = section?.text.indexOf('{') ?? -1;
  const status = start < 0 ? undefined : fieldsOf(parseJson(section?.text.slice(start) ?? ''));
  if (status) {
    const state = typeof status.BackendState === 'string' ? plain(status.BackendState, 60) : 'no state given';
    const self = fieldsOf(status.Self);
    const name = typeof self?.DNSName === 'string' ? plain(self.DNSName, 200).replace(/\.$/, '') : '';
    return {
      value: {
        running: state === 'Running',
        addresses: addresses(status.TailscaleIPs) ?? addresses(self?.TailscaleIPs) ?? [],
        saw: name ? `${state} as ${name}` : state,
      },
    };
  }
  if (section && /failed to connect to local tailscaled|is tailscaled running/i.test(section.text))
    return { value: { running: false, addresses: [], saw: plain(section.text, 300) } };
  return notUnderstood('tailscale status --json', section);
}

function addresses(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((one) => typeof one === 'string').map((one) => plain(one, 60));
}
