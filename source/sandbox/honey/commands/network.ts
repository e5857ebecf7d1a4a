import { request } from 'node:http';
import type { Execution, Machine, Program } from '../shell/context.ts';
import { readOptions } from './options.ts';

/** Programs that look at the network. */
export const networkPrograms: Readonly<Record<string, Program>> = {
  ss: (args, { machine, user, out }) => {
    const { flags } = readOptions(args);
    if (!flags.has('H')) out('State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n');
    for (const { address, port, process, pid } of listening(machine)) {
      const isVisible = flags.has('p') && user.uid === 0;
      const owner = isVisible ? ` users:(("${process}",pid=${pid},fd=4))` : '';
      const peer = address.startsWith('[') ? '[::]:*' : address === '*' ? '*:*' : '0.0.0.0:*';
      out(`LISTEN 0      4096   ${address}:${port} ${peer}${owner}\n`);
    }
    return 0;
  },
  tailscale: (args, { machine, out, err }) => {
    const [verb] = args;
    if (verb === 'ip') {
      out(`${machine.tailnetAddress}\n`);
      return 0;
    }
    if (verb !== 'status') {
      err('honey: only `tailscale status` and `tailscale ip` are here\n');
      return 1;
    }
    const self = {
      ID: 'n5fHoneyCNTRL',
      HostName: machine.hostname,
      DNSName: 'honey.tail1234.ts.net.',
      OS: 'linux',
      TailscaleIPs: [machine.tailnetAddress],
      Online: true,
    };
    const status = {
      Version: '1.90.6',
      BackendState: 'Running',
      TailscaleIPs: self.TailscaleIPs,
      Self: self,
      MagicDNSSuffix: 'tail1234.ts.net',
      Peer: {},
    };
    out(
      args.includes('--json')
        ? `${JSON.stringify(status, null, 2)}\n`
        : `${machine.tailnetAddress}  honey  linux  -\n`,
    );
    return 0;
  },
  curl: (args, execution) => curl(args, execution),
};

/** Services of honey, and the ports that its containers publish. */
function listening(machine: Machine): Machine['listeners'] {
  const published = publishedOn(machine).flatMap(({ address, port }) => {
    const addresses = address === '' ? ['0.0.0.0', '[::]'] : [address];
    return addresses.map((one) => ({ address: one, port, process: 'docker-proxy', pid: 90_000 + port }));
  });
  return [...machine.listeners, ...published];
}

function publishedOn({ docker, podman }: Machine): ReturnType<Machine['docker']['published']> {
  return [...docker.published(), ...podman.published()];
}

/** Only what honey itself serves can be reached: the ports that its containers publish. */
async function curl(args: readonly string[], execution: Execution): Promise<number> {
  const valued = [
    'X',
    'request',
    'H',
    'header',
    'd',
    'data',
    'data-binary',
    'o',
    'output',
    'w',
    'write-out',
    'm',
    'max-time',
    'connect-timeout',
    'u',
  ];
  const { flags, values, rest } = readOptions(args, valued);
  const { machine, out, err } = execution;
  const [given = ''] = rest;
  const url = URL.parse(/^[a-z]+:\/\//.test(given) ? given : `http://${given}`);
  const fail = (status: number, text: string): number => {
    if (!flags.has('s') || flags.has('S')) err(`curl: (${status}) ${text}\n`);
    return status;
  };
  if (!url || given === '') return fail(2, 'no URL specified');
  const port = Number(url.port || 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const names = ['localhost', '127.0.0.1', '::1', machine.hostname, machine.tailnetAddress];
  if (!names.includes(host)) return fail(6, `Could not resolve host: ${host}`);
  const isTailnet = host === machine.tailnetAddress || host === machine.hostname;
  const reachable = publishedOn(machine).find(
    (one) =>
      one.port === port &&
      (one.address === '' ||
        one.address === '0.0.0.0' ||
        isTailnet === (one.address === machine.tailnetAddress)),
  );
  if (!reachable)
    return fail(7, `Failed to connect to ${host} port ${port} after 0 ms: Couldn't connect to server`);
  const body = values.get('d') ?? values.get('data') ?? values.get('data-binary');
  const isHead = flags.has('I') || flags.has('head');
  const method =
    values.get('X') ?? values.get('request') ?? (isHead ? 'HEAD' : body === undefined ? 'GET' : 'POST');
  const [name, value] = (values.get('H') ?? values.get('header') ?? '').split(/:\s*/);
  const headers = name && value !== undefined ? { [name]: value } : {};
  const answer = await fetchLocal(reachable.realPort, method, url.pathname + url.search, headers, body);
  if (!answer) return fail(52, 'Empty reply from server');
  if ((flags.has('f') || flags.has('fail')) && answer.status >= 400)
    return fail(22, `The requested URL returned error: ${answer.status}`);
  const file = values.get('o') ?? values.get('output');
  const head = isHead || flags.has('i') ? answer.head : '';
  if (file === undefined) out(Buffer.concat([Buffer.from(head), answer.body]));
  const format = values.get('w') ?? values.get('write-out') ?? '';
  out(format.replaceAll('%{http_code}', String(answer.status)).replaceAll('\\n', '\n'));
  return 0;
}

interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

function fetchLocal(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const lines = answer.rawHeaders.flatMap((text, index, all) =>
          index % 2 === 0 ? [`${text}: ${all[index + 1]}`] : [],
        );
        const head = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`;
        resolve({ status: answer.statusCode ?? 0, head, body: Buffer.concat(parts) });
      });
    });
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}
