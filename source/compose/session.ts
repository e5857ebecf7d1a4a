import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { NeedsUser } from '../core/failure.ts';
import { Secret } from '../core/secret.ts';
import type { LastRunFile } from '../monitor/lastRun.ts';
import { readLastRun, saveLastRun } from '../monitor/lastRun.ts';
import { createMonitor } from '../monitor/monitor.ts';
import type { Monitor } from '../monitor/snapshot.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/types.ts';
import { pathsOf } from '../services/config/paths.ts';
import { emptyConfiguration } from '../services/config/shape.ts';
import type { Keeping } from '../services/credentials/stored.ts';
import type { Workspace } from '../services/workspace.ts';
import type { CommonFlags } from './flags.ts';
import { type HoneyAccess, type OpenOptions, openWorkspace } from './open.ts';
import { findTarget, isConfigured, type Target } from './target.ts';

/** One run over one target: what is reached, what is watched, and how it ends. */
export interface Session {
  readonly workspace: Workspace;
  readonly monitor: Monitor;
  readonly signIn: (token: Secret) => Promise<Keeping>;
  /** Keeps a value that was typed in out of everything that is shown and written. */
  readonly hide: (value: string) => void;
  /** Options as resolved, for the screen's own. */
  readonly theme: string | undefined;
  readonly isAscii: boolean;
  /** Of the embedded world, when that is the target. */
  readonly sandbox?: Sandbox['addresses'];
  /** Keeps what was seen for the next start. */
  readonly save: () => Promise<void>;
  /** Ends connections, and the sandbox with its files. */
  readonly close: () => Promise<void>;
}

export interface SessionOptions {
  readonly flags: CommonFlags;
  readonly version: string;
  /** The sandbox when nothing is configured; else that is an error of each source. */
  readonly isSandboxWelcome: boolean;
  /** How the embedded world runs. */
  readonly sandbox?: SandboxOptions;
  readonly ask?: OpenOptions['ask'];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Opens the session that flags, environment, configuration and checkout describe. */
export async function openSession(given: SessionOptions): Promise<Session> {
  const { flags, environment = process.env } = given;
  const paths = pathsOf(environment);
  if (!flags.sandbox) {
    const target = await findTarget({ flags, environment, paths });
    await trusted(target);
    if (!given.isSandboxWelcome) return sessionOf(given, withSomething(target), { paths });
    if (await isConfigured(target, { flags, environment })) return sessionOf(given, target, { paths });
  }
  const { startSandbox } = await import('../sandbox/start.ts');
  const sandbox = await startSandbox(given.sandbox);
  try {
    return sessionOf(given, sandboxTarget(sandbox, flags), {
      paths: sandboxPaths(sandbox),
      sandbox,
    });
  } catch (thrown) {
    await sandbox.stop();
    throw thrown;
  }
}

/** A target without a server, a host and a checkout is a question about nothing. */
function withSomething(target: Target): Target {
  const { options, checkout } = target;
  const named = [options.project, options.attic, options.bazelRemote, options.honey];
  if (checkout || named.some((option) => option !== undefined)) return target;
  throw new NeedsUser({
    tried: 'find something to look at',
    saw: 'no profile, no flag and no variable names a project, a cache or a host, and this folder is no checkout',
    next: ['Run it in a checkout, or give one: --dir PATH', 'Or try it in the embedded world: --sandbox'],
    code: 'not-configured',
  });
}

/** Before anything is connected: a server of the user’s own may have a certificate that nobody else trusts. */
async function trusted({ options }: Target): Promise<void> {
  if (options.caFile === undefined) return;
  const { trustAuthorities } = await import('../services/http/authorities.ts');
  trustAuthorities(options.caFile.value);
}

function sessionOf(
  { flags, version, ask, environment = process.env }: SessionOptions,
  target: Target,
  { paths, sandbox }: { paths: ReturnType<typeof pathsOf>; sandbox?: Sandbox },
): Session {
  const opened = openWorkspace({
    target,
    flags,
    paths,
    version,
    environment: sandbox ? {} : environment,
    readInput: () => text(process.stdin),
    isSandbox: sandbox !== undefined,
    ...(ask ? { ask } : {}),
    ...(sandbox ? sandboxAccess(sandbox) : {}),
  });
  const { workspace } = opened;
  const file: LastRunFile = { path: join(paths.state, 'last-run.json'), version, target: opened.target };
  const monitor = createMonitor({ workspace, lastRun: readLastRun(file, Date.now()) });
  return {
    workspace,
    monitor,
    signIn: opened.signIn,
    hide: opened.redactor.add,
    theme: target.options.theme?.value,
    ...(sandbox ? { sandbox: sandbox.addresses } : {}),
    isAscii: target.options.ascii !== undefined && target.options.ascii.value !== 'false',
    save: () => saveLastRun(workspace.gate, file, monitor.snapshot()),
    async close() {
      monitor.stop();
      opened.close();
      await sandbox?.stop();
    },
  };
}

function sandboxTarget({ addresses }: Sandbox, { theme, ascii, priceMinute, priceGb }: CommonFlags): Target {
  const from = { source: 'default', from: 'the sandbox' } as const;
  const { gitlab, attic, bazelRemote, honey, checkout } = addresses;
  return {
    dir: checkout,
    configuration: emptyConfiguration,
    options: {
      host: { ...from, value: gitlab.url },
      project: { ...from, value: gitlab.project },
      attic: { ...from, value: attic.url },
      atticCache: { ...from, value: attic.cache },
      bazelRemote: { ...from, value: bazelRemote.http },
      bazelRemoteGrpc: { ...from, value: bazelRemote.grpc },
      honey: { ...from, value: honey.host },
      ...(priceMinute === undefined ? {} : { priceMinute: { ...from, value: priceMinute } }),
      ...(priceGb === undefined ? {} : { priceGb: { ...from, value: priceGb } }),
      ...(theme === undefined ? {} : { theme: { ...from, value: theme } }),
      ...(ascii ? { ascii: { ...from, value: 'true' } } : {}),
    },
  };
}

function sandboxAccess({ addresses }: Sandbox): {
  honey: HoneyAccess;
  tokens: NonNullable<OpenOptions['tokens']>;
} {
  const { port, user, identityFile, knownHosts } = addresses.honey;
  return {
    honey: { port, user, identityFile, knownHosts, configFile: '/dev/null' },
    tokens: { gitlab: new Secret(addresses.gitlab.token), attic: new Secret(addresses.attic.token) },
  };
}

/** What is practised is journaled beside the sandbox's checkout, and goes with it. */
function sandboxPaths({ addresses }: Sandbox): ReturnType<typeof pathsOf> {
  const home = join(addresses.checkout, '..', 'home');
  return pathsOf({}, home);
}
