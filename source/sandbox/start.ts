import { NeedsUser } from '../core/failure.ts';
import { startAttic } from './attic/start.ts';
import { startBazelRemote } from './bazelRemote/start.ts';
import { huskycatHistory } from './checkout/history.ts';
import { writeCheckout } from './checkout/write.ts';
import { createWorldClock } from './clock.ts';
import { makeSandboxFolder } from './files.ts';
import { startGitLab } from './gitlab/server.ts';
import { startHoney } from './honey/start.ts';
import type { Sandbox, SandboxOptions } from './types.ts';

/** What listens, in the order of the ports from `portBase` on. */
const parts = ['gitlab', 'attic', 'bazel-remote', 'bazel-remote’s gRPC', 'honey'] as const;

type Stop = () => void | Promise<void>;

/**
 * Starts the whole world on loopback and writes its checkout; resolves when all of it answers. What was started when a
 * part fails is stopped again. Throws `NeedsUser` for a port that is taken.
 */
export async function startSandbox({
  speed = 60,
  portBase,
  mergesProposals = false,
}: SandboxOptions = {}): Promise<Sandbox> {
  const portOf = portsFrom(portBase);
  const stops: Stop[] = [];
  /** The last started first; one that fails keeps no other from stopping. */
  const stopAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const stop of stops.splice(0).reverse()) {
      try {
        await stop();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  let stopping: Promise<void> | undefined;
  /** Remembers how to stop what has started, also when another part fails meanwhile. */
  const begin = async <T extends { stop: Stop }>(
    part: (typeof parts)[number],
    start: () => Promise<T>,
  ): Promise<T> => {
    try {
      const started = await start();
      stops.push(() => started.stop());
      return started;
    } catch (thrown) {
      throw portFailure(thrown, part, portBase);
    }
  };
  try {
    const folder = makeSandboxFolder();
    stops.push(() => folder.remove());
    const clock = createWorldClock({ speed });
    stops.push(() => clock.stop());
    const attic = await begin('attic', () => startAttic({ clock, ...portOf(1, 'port') }));
    const repository = huskycatHistory(attic.url, clock.now());
    const atticPublicKey = attic.publicKey();
    const [gitlab, bazelRemote, honey] = await allOrThrow([
      begin('gitlab', () =>
        startGitLab({
          clock,
          repository,
          atticToken: attic.token,
          atticPublicKey,
          mergesProposals,
          ...portOf(0, 'port'),
        }),
      ),
      begin('bazel-remote', () =>
        startBazelRemote({ clock, hasTraffic: true, ...portOf(2, 'httpPort'), ...portOf(3, 'grpcPort') }),
      ),
      begin('honey', () =>
        startHoney({ directory: folder.make('ssh'), hasPodman: true, ...portOf(4, 'port') }),
      ),
    ] as const);
    const checkout = folder.make('huskycat');
    const basic = Buffer.from(`oauth2:${gitlab.tokens.api}`).toString('base64');
    const origin = {
      url: `${gitlab.url}/${gitlab.project}.git`,
      header: `Authorization: Basic ${basic}`,
    };
    await folder.fill((signal) => writeCheckout(repository, checkout, origin, signal));
    return {
      addresses: {
        gitlab: {
          url: gitlab.url,
          token: gitlab.tokens.api,
          readOnlyToken: gitlab.tokens.readOnly,
          project: gitlab.project,
        },
        attic: { url: attic.url, cache: attic.cache, publicKey: atticPublicKey, token: attic.token },
        bazelRemote: { http: bazelRemote.http, grpc: bazelRemote.grpc },
        honey: {
          host: honey.host,
          port: honey.port,
          user: honey.user,
          identityFile: honey.identityFile,
          knownHosts: honey.knownHosts,
        },
        checkout,
      },
      stop() {
        stopping ??= stopAll();
        return stopping;
      },
    };
  } catch (thrown) {
    await stopAll();
    throw thrown;
  }
}

/** Waits for all of them also when one fails, so that each can be stopped; then throws the first failure. */
async function allOrThrow<T extends readonly Promise<unknown>[]>(
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

/** An option with the port of a part; none without a base. */
function portsFrom(base: number | undefined) {
  if (base !== undefined && !(Number.isInteger(base) && base > 0 && base + parts.length - 1 <= 65_535))
    throw new NeedsUser({
      tried: 'start the sandbox',
      saw: `${base} is no first of ${parts.length} ports`,
      next: [`Give a whole number from 1024 to ${65_536 - parts.length}, or none for free ports.`],
      code: 'bad-port',
    });
  return <K extends string>(offset: number, name: K): { readonly [key in K]?: number } =>
    (base === undefined ? {} : { [name]: base + offset }) as { readonly [key in K]?: number };
}

function portFailure(thrown: unknown, part: string, base: number | undefined): unknown {
  const { code, port } = thrown as { code?: unknown; port?: unknown };
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return thrown;
  const why = code === 'EACCES' ? 'may not be used by this user' : 'is taken by another program';
  return new NeedsUser({
    tried: `start the sandbox’s ${part}`,
    saw: `port ${port} of 127.0.0.1 ${why}`,
    next: [
      base === undefined ? 'Start it again.' : 'Choose another --port-base, or leave it away for free ports.',
    ],
    code: 'port-taken',
    cause: thrown,
  });
}
