import { huskycatHistory } from '../../../source/sandbox/checkout/history.ts';
import { type SandboxGitLab, startGitLab, type TokenValues } from '../../../source/sandbox/gitlab/server.ts';
import type { WorldClock } from '../../../source/sandbox/types.ts';

/** A world clock that stands still until it is moved. */
export interface HandClock extends WorldClock {
  move(seconds: number): void;
}

export function handClock(start = Date.UTC(2026, 0, 29, 12)): HandClock {
  let now = start;
  return {
    speed: 1,
    now: () => now,
    at: () => () => {},
    move: (seconds) => {
      now += seconds * 1000;
    },
  };
}

/** An answer of any shape, to look into. */
export interface Json {
  readonly [key: string]: Json;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export interface Client {
  readonly server: SandboxGitLab;
  readonly clock: HandClock;
  readonly id: number;
  call(method: string, path: string, body?: unknown, token?: keyof TokenValues): Promise<Reply>;
  get(path: string, token?: keyof TokenValues): Promise<Reply>;
}

export const huskycat = 57203410;

/** A GitLab whose clock stands still, and a client with a token of the name. */
export async function openGitLab(
  options: { atticPublicKey?: string; requestsPerMinute?: number } = {},
): Promise<Client> {
  const clock = handClock();
  const repository = huskycatHistory('http://127.0.0.1:18080', clock.now());
  const server = await startGitLab({
    clock,
    repository,
    atticToken: 'attic-token-value',
    seed: 'test',
    ...options,
  });
  const call: Client['call'] = async (method, path, body, token = 'api') => {
    const answer = await fetch(`${server.url}${path.startsWith('/') ? path : `/api/v4/${path}`}`, {
      method,
      headers: { 'PRIVATE-TOKEN': server.tokens[token], 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json') && text !== '';
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
  return { server, clock, id: huskycat, call, get: (path, token) => call('GET', path, undefined, token) };
}

/** The rows of an answer that is a list. */
export function rows({ json }: Pick<Reply, 'json'>): readonly Json[] {
  if (!Array.isArray(json)) throw new TypeError(`no list: ${JSON.stringify(json)}`);
  return json;
}
