import { plain } from '../text/safe.ts';
import type { ListeningPort } from './model.ts';

/** The program that was asked on the first line (`ss`, `netstat`, `proc`), then what it said of listening TCP sockets. */
export function parsePorts(text: string): readonly ListeningPort[] | undefined {
  const [source = '', ...lines] = text.split('\n');
  const parse = parsers[source.trim()];
  if (!parse) return undefined;
  const found = new Map<string, ListeningPort>();
  for (const line of lines) {
    const port = parse(line.trim());
    if (port && !found.has(`${port.address} ${port.port}`)) found.set(`${port.address} ${port.port}`, port);
  }
  return [...found.values()].sort((a, b) => a.port - b.port || a.address.localeCompare(b.address));
}

const parsers: Readonly<Record<string, (line: string) => ListeningPort | undefined>> = {
  ss: fromSs,
  netstat: fromNetstat,
  proc: fromProc,
};

/** `LISTEN 0 128 127.0.0.1:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))` */
function fromSs(line: string): ListeningPort | undefined {
  const [state, , , local = ''] = line.split(/\s+/);
  if (state !== 'LISTEN') return undefined;
  return portOf(local, /users:\(\("((?:[^"\\]|\\.)*)"/.exec(line)?.[1]);
}

/** Linux: `tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 1/sshd`; BSD and macOS: `tcp4 0 0 127.0.0.1.631 *.* LISTEN`. */
function fromNetstat(line: string): ListeningPort | undefined {
  const [protocol = '', , , local = '', , state, owner] = line.split(/\s+/);
  if (!protocol.startsWith('tcp') || state !== 'LISTEN') return undefined;
  return portOf(local, /^\d+\/(.+?):?$/.exec(owner ?? '')?.[1]);
}

function portOf(local: string, process: string | undefined): ListeningPort | undefined {
  const [, host, digits] = /^(.+)[:.](\d{1,5})$/.exec(local) ?? [];
  const port = Number(digits);
  if (host === undefined || !(port >= 1 && port <= 65_535)) return undefined;
  return {
    address: plain(host.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/, ''), 100),
    port,
    ...(process === undefined ? {} : { process: plain(process, 100) }),
  };
}

/** /proc/net/tcp and tcp6 of proc(5): `0: 0100007F:0016 00000000:0000 0A …`, words in the byte order of the host (little-endian). */
function fromProc(line: string): ListeningPort | undefined {
  const [, hex, port, state] =
    /^\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+[0-9A-F]+:[0-9A-F]{4}\s+([0-9A-F]{2})\s/i.exec(
      line,
    ) ?? [];
  if (hex === undefined || port === undefined || state?.toUpperCase() !== '0A') return undefined;
  return { address: addressOf(hex), port: Number.parseInt(port, 16) };
}

function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, n) =>
    (((bytes[2 * n] ?? 0) << 8) | (bytes[2 * n + 1] ?? 0)).toString(16),
  );
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  return isMapped ? bytes.slice(12).join('.') : shorten(groups);
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function shorten(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run);
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) return groups.join(':');
  return groups.join(':').replace(longest, '::').replace(/:{3,}/, '::');
}
