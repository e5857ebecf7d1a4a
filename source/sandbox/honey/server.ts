import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';
import ssh2, {
  type AuthContext,
  type Connection,
  type ParsedKey,
  type ServerChannel,
  type Session,
} from 'ssh2';
import { operatorName } from './names.ts';
import { executionOf, loginShell } from './session.ts';
import type { Machine } from './shell/context.ts';
import { noInput } from './shell/context.ts';
import { runText } from './shell/run.ts';
import { runTerminal } from './terminal.ts';

export interface SshServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Serving {
  readonly machine: Machine;
  readonly client: ParsedKey;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

/** The SSH side of honey: one user, one key, commands and shells on channels of their own. */
export async function startSshServer(
  { host, client, port }: { readonly host: string; readonly client: string; readonly port: number },
  machine: Machine,
): Promise<SshServer> {
  const key = ssh2.utils.parseKey(client);
  if (key instanceof Error) throw key;
  const stopping = new AbortController();
  const serving: Serving = { machine, client: key, stopping: stopping.signal };
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [host], ident: 'OpenSSH_9.9' }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => {});
    connection.on('authentication', (context) => authenticate(context, serving.client));
    connection.on('session', (accept) => serveSession(accept(), serving));
  });
  // As sshd: with Nagle's algorithm each command would wait for a delayed acknowledgement.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject);
      resolve();
    });
  });
  const address = listener.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop() {
      stopping.abort();
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const connection of connections) connection.end();
      return closed;
    },
  };
}

function authenticate(context: AuthContext, key: ParsedKey): void {
  if (mayEnter(context, key)) context.accept();
  else context.reject(['publickey']);
}

function mayEnter(context: AuthContext, key: ParsedKey): boolean {
  if (context.method !== 'publickey' || context.username !== operatorName) return false;
  const expected = key.getPublicSSH();
  const given = context.key.data;
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const { blob, signature, hashAlgo } = context;
  // Without a signature the client only asks whether this key would do.
  return !signature || !blob || key.verify(blob, signature, hashAlgo) === true;
}

function serveSession(session: Session, serving: Serving): void {
  let hasTerminal = false;
  let interrupt: (name: string) => void = () => {};
  session.on('pty', (accept) => {
    hasTerminal = true;
    accept?.();
  });
  session.on('env', (accept) => accept?.());
  session.on('window-change', (accept) => accept?.());
  session.on('signal', (accept, _, { name }) => {
    accept?.();
    interrupt(name);
  });
  session.on('subsystem', (_, reject) => reject?.());
  session.on('exec', (accept, _, { command }) => {
    interrupt = serveCommand(accept(), command, hasTerminal, serving);
  });
  session.on('shell', (accept) => {
    const channel = accept();
    if (hasTerminal) runTerminal(channel, serving.machine, serving.stopping);
    else interrupt = serveScript(channel, serving);
  });
}

/** One command; the answer ends it with a signal. */
function serveCommand(
  channel: ServerChannel,
  command: string,
  hasTerminal: boolean,
  serving: Serving,
): (name: string) => void {
  return serve(channel, hasTerminal, serving, async () => command);
}

/** A shell without a terminal takes its commands from the input. */
function serveScript(channel: ServerChannel, serving: Serving): (name: string) => void {
  return serve(channel, false, serving, async (input) => (await input()).toString('utf8'), true);
}

function serve(
  channel: ServerChannel,
  hasTerminal: boolean,
  { machine, stopping }: Serving,
  read: (input: () => Promise<Buffer>) => Promise<string>,
  consumesInput = false,
): (name: string) => void {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, stopping]);
  const parts: Buffer[] = [];
  let endedBy = '';
  const interrupt = (name: string): void => {
    endedBy ||= name;
    controller.abort();
  };
  const inputEnd = new Promise<void>((resolve) => {
    channel.on('end', resolve);
    channel.on('close', resolve);
    signal.addEventListener('abort', () => resolve());
  });
  channel.on('data', (data: Buffer) => {
    parts.push(data);
    if (hasTerminal && data.includes(3)) interrupt('INT');
  });
  channel.on('error', () => {});
  channel.on('close', () => {
    if (hasTerminal) interrupt('HUP');
  });
  const input = async (): Promise<Buffer> => {
    await inputEnd;
    return Buffer.concat(parts);
  };
  // As sshd: a command without a terminal runs on when its client has gone, until it writes.
  const write = (stream: Pick<ServerChannel, 'write'>) => (data: string | Uint8Array) => {
    if (!channel.writable) return interrupt('PIPE');
    const bytes = Buffer.from(data);
    stream.write(hasTerminal ? bytes.toString('utf8').replaceAll('\n', '\r\n') : bytes);
  };
  const streams = {
    input: consumesInput ? noInput : input,
    out: write(channel),
    err: write(hasTerminal ? channel : channel.stderr),
  };
  const finish = (status: number): void => {
    if (!channel.writable) return;
    if (endedBy && endedBy !== 'INT') channel.exit(endedBy, false, '');
    else channel.exit(endedBy ? 130 : status);
    channel.end();
  };
  read(input)
    .then((text) => runText(text, executionOf(machine, loginShell(), streams, signal)))
    .then(finish, () => finish(255));
  return interrupt;
}
