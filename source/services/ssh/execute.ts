import type { Client, ClientChannel } from 'ssh2';
import { Unavailable } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import type { Connection } from './connect.ts';
import type { CommandOptions, CommandResult } from './types.ts';

/** The server would not open one more channel: MaxSessions of sshd_config(5) is reached, or it takes no commands. */
export class ChannelRefused extends Unavailable {}

export interface Place {
  /** For failures: `honey`. */
  readonly destination: string;
  /** The command in short, safe to show. */
  readonly title: string;
}

/** Runs one command line on a channel of its own. Throws `Unavailable` when the connection goes, or its time is over. */
export function execute(
  connection: Connection,
  command: string,
  place: Place,
  options: CommandOptions,
): Promise<CommandResult> {
  const { timeout = 30_000, maxBytes = 4 * 1024 * 1024, signal, onOutput } = options;
  const tried = `run ${place.title} on ${place.destination}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let channel: ClientChannel | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      connection.client.off('close', dropped);
    };
    const stop = (reason: unknown): void => {
      finish();
      if (channel) endChannel(connection.client, channel);
      reject(reason);
    };
    const abort = (): void => stop(signal?.reason);
    const dropped = (): void => stop(lost(tried));
    const timer = setTimeout(() => stop(timedOut(tried, timeout)), timeout);
    signal?.addEventListener('abort', abort, { once: true });
    connection.client.on('close', dropped);
    open(connection.client, command, (error, opened) => {
      if (error || !opened) {
        finish();
        return reject(connection.isLost() ? lost(tried) : refusedChannel(tried, error));
      }
      channel = opened;
      if (signal?.aborted) return abort();
      const out = collect(maxBytes, (text) => onOutput?.(text, 'stdout'));
      const err = collect(maxBytes, (text) => onOutput?.(text, 'stderr'));
      let code: number | null = null;
      let exitSignal: string | null = null;
      opened.on('data', out.add);
      opened.stderr.on('data', err.add);
      opened.on('error', () => {});
      opened.on('exit', (status: number | null, name?: string) => {
        code = status;
        exitSignal = name ?? null;
      });
      opened.on('close', () => {
        if (connection.isLost()) return stop(lost(tried));
        finish();
        resolve({ code, exitSignal, stdout: out.text(), stderr: err.text(), cut: out.cut() || err.cut() });
      });
      opened.end(options.input ?? '');
    });
  });
}

/** ssh2 throws instead of calling back when the socket is gone already. */
function open(
  client: Client,
  command: string,
  done: (error: Error | undefined, channel?: ClientChannel) => void,
): void {
  try {
    client.exec(command, (error, channel) => done(error, channel));
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Asks the server to end the command, then closes: sshd lets a command whose channel is closed run on. */
function endChannel(client: Client, channel: ClientChannel): void {
  try {
    sendSignal(client, channel);
    channel.close();
  } catch {
    // The connection is gone, and with it the channel.
  }
}

/**
 * RFC 4254, 6.9. The channel's own `signal` sends nothing once the input has ended, though the protocol permits it, so the
 * message is handed to what is beneath it; where that looks different, the channel is only closed.
 */
function sendSignal(client: Client, channel: ClientChannel): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const outgoing: unknown = Reflect.get(channel, 'outgoing');
  if (typeof protocol !== 'object' || protocol === null || typeof outgoing !== 'object' || outgoing === null)
    return;
  const id: unknown = Reflect.get(outgoing, 'id');
  const signal: unknown = Reflect.get(protocol, 'signal');
  if (typeof id === 'number' && typeof signal === 'function') signal.call(protocol, id, 'TERM');
}

function collect(maxBytes: number, tell: (text: string) => void) {
  const parts: Buffer[] = [];
  let size = 0;
  let dropped = false;
  const decoder = new TextDecoder();
  return {
    add(part: Buffer) {
      tell(decoder.decode(part, { stream: true }));
      const room = Math.max(maxBytes - size, 0);
      if (part.length > room) dropped = true;
      if (room > 0) parts.push(part.subarray(0, room));
      size += Math.min(part.length, room);
    },
    text: () => Buffer.concat(parts).toString('utf8'),
    cut: () => dropped,
  };
}

function lost(tried: string): Unavailable {
  return new Unavailable({
    tried,
    saw: 'the connection was lost before the command ended; whether it ran to its end is not known',
    next: ['Try again: the next command connects anew.'],
    code: 'connection-lost',
  });
}

function timedOut(tried: string, timeout: number): Unavailable {
  return new Unavailable({
    tried,
    saw: `no end after ${timeout / 1000} s`,
    next: ['Run it by hand on the host to see what it waits for.'],
    code: 'timeout',
  });
}

function refusedChannel(tried: string, error: Error | undefined): ChannelRefused {
  return new ChannelRefused({
    tried,
    saw: `the server opened no session: ${plain(error?.message ?? 'no reason given', 300)}`,
    next: ['Look at MaxSessions and ForceCommand in the host’s sshd_config.'],
    code: 'channel-refused',
  });
}
