import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import type { Secret } from '../core/secret.ts';
import { createRedactor, type Redactor } from '../core/text/redact.ts';
import { createActivity } from '../services/activity.ts';
import { connectAttic } from '../services/attic/connect.ts';
import { connectBazelRemote } from '../services/bazelRemote/connect.ts';
import type { Paths } from '../services/config/paths.ts';
import { atticToken } from '../services/credentials/environment.ts';
import { findToken, tokenOrThrow } from '../services/credentials/find.ts';
import { openKeychain } from '../services/credentials/keychain.ts';
import { type Keeping, keeping } from '../services/credentials/stored.ts';
import { createGate } from '../services/gate.ts';
import { openCheckout } from '../services/git/checkout.ts';
import type { GitLab } from '../services/gitlab/types.ts';
import { connectHost } from '../services/host/connectHost.ts';
import { createTransport } from '../services/http/transport.ts';
import { openJournal } from '../services/journal.ts';
import { connectRegistry } from '../services/registry/connect.ts';
import { openShell, type ShellOptions } from '../services/ssh/openShell.ts';
import { createToolchain } from '../services/toolchain/toolchain.ts';
import type { Workspace } from '../services/workspace.ts';
import { bazelAddresses } from './bazelAddresses.ts';
import { connected } from './connected.ts';
import type { CommonFlags } from './flags.ts';
import { askOnce, showNotices } from './honey.ts';
import { createLazyGitLab, type LazyGitLab } from './lazyGitLab.ts';
import { pricesOf } from './prices.ts';
import type { Target } from './target.ts';

/** How honey is reached beyond its destination; the sandbox has keys of its own. */
export type HoneyAccess = Pick<ShellOptions, 'port' | 'user' | 'identityFile' | 'knownHosts' | 'configFile'>;

export interface OpenOptions {
  readonly target: Target;
  readonly flags: CommonFlags;
  readonly paths: Paths;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readInput: () => Promise<string>;
  readonly isSandbox?: boolean;
  readonly honey?: HoneyAccess;
  /** Known from the start, as in the sandbox. */
  readonly tokens?: { readonly gitlab?: Secret; readonly attic?: Secret };
  /** Decides about unknown host keys; without it they are refused. */
  readonly ask?: ShellOptions['ask'];
}

/** The workspace of this run, and what only the composition root may do with it. */
export interface Opened {
  readonly workspace: Workspace;
  /** What is looked at, as one text: a key for what was seen before. */
  readonly target: string;
  /** Uses another GitLab token from now on, when GitLab takes it; tells how it can be kept for the next start. */
  readonly signIn: (token: Secret) => Promise<Keeping>;
  readonly redactor: Redactor;
  readonly close: () => void;
}

/** Connects every service that is configured; nothing is sent before somebody asks. */
export function openWorkspace(given: OpenOptions): Opened {
  const { target, flags, paths, version, environment, isSandbox = false } = given;
  const { options } = target;
  const now = (): number => Date.now();
  const redactor = createRedactor();
  const { redact } = redactor;
  const activity = createActivity({ now, redact });
  const journal = openJournal(paths.journal);
  const gate = createGate({
    journal,
    activity,
    redact,
    now,
    readOnly: flags.readOnly === true,
    run: randomUUID(),
  });
  const transport = createTransport({ activity, redact, userAgent: `huskycat-tui/${version}` });
  const gitlab = openGitLab(given, redactor, transport, now);
  const attic = given.tokens?.attic ?? tokenForAttic(options, environment, redactor);
  if (given.tokens?.attic) redactor.add(given.tokens.attic.reveal());
  const { attic: cache, atticCache } = options;
  const bazel = bazelAddresses(options);
  const honey = options.honey?.value;
  const ask = given.ask && askOnce(given.ask);
  const onNotice = showNotices(activity);
  const host =
    honey === undefined
      ? undefined
      : connectHost({
          destination: honey,
          now,
          open: (signal) =>
            openShell({
              destination: honey,
              gate,
              activity,
              ...given.honey,
              onNotice,
              ...(ask ? { ask } : {}),
              ...(signal ? { signal } : {}),
            }),
        });
  const workspace: Workspace = {
    profile: options.profile?.value ?? (isSandbox ? 'sandbox' : 'default'),
    isSandbox,
    openCheckout: (signal) => openCheckout(target.dir, signal),
    gitlab: gitlab
      ? { service: gitlab.service }
      : { off: 'Give a project: --project GROUP/NAME, or run in a checkout whose remote is on GitLab.' },
    attic: cache
      ? connected(cache.source, () =>
          connectAttic({
            url: cache.value,
            transport,
            now,
            ...(atticCache ? { cache: atticCache.value } : {}),
            ...(attic ? { token: attic } : {}),
          }),
        )
      : { off: 'Give the cache’s address: --attic URL, or a substituter in flake.nix.' },
    bazelRemote: bazel
      ? connected(options.bazelRemote?.source ?? '', () =>
          connectBazelRemote({ ...bazel, transport, activity, now }),
        )
      : { off: 'Give the server’s address: --bazel-remote URL, or --remote_cache in .bazelrc.' },
    honey: host
      ? { service: host }
      : { off: 'Give where the runner is: --honey DESTINATION, as ssh takes it.' },
    registry: connectRegistry({ transport }),
    toolchain: createToolchain(),
    gate,
    journal,
    activity,
    redact,
    prices: pricesOf(options),
    now,
  };
  const looked = [options.host, options.project, options.attic, options.bazelRemote, options.honey];
  return {
    workspace,
    target: looked.map((option) => option?.value ?? '').join(' '),
    signIn: gitlab ? gitlab.signIn : async () => ({ off: 'no GitLab server and project are named' }),
    redactor,
    close: () => host?.close(),
  };
}

/** The user's token for Attic, unless only the checkout's files name the server: a repository must not choose who gets it. */
function tokenForAttic(
  { attic }: Target['options'],
  environment: OpenOptions['environment'],
  redactor: Redactor,
): Secret | undefined {
  const token = atticToken(environment, redactor);
  return attic?.source === 'checkout' ? undefined : token;
}

function openGitLab(
  { target, flags, environment, readInput, tokens }: OpenOptions,
  redactor: Redactor,
  transport: ReturnType<typeof createTransport>,
  now: () => number,
): { service: LazyGitLab; signIn: Opened['signIn'] } | undefined {
  const server = target.options.host?.value;
  const projectPath = target.options.project?.value;
  if (server === undefined || projectPath === undefined) return undefined;
  const connect = async (token: Secret): Promise<GitLab> => {
    redactor.add(token.reveal());
    const { connectGitLab } = await import('../services/gitlab/connect.ts');
    const hide = (value: string): void => redactor.add(value);
    return connectGitLab({ server, projectPath, token, transport, redact: redactor.redact, hide, now });
  };
  const keychain = tokens?.gitlab
    ? { off: 'the embedded world has its own token' }
    : openKeychain({ environment, redactor });
  const service = createLazyGitLab({
    server,
    projectPath,
    async open(signal) {
      if (tokens?.gitlab) return connect(tokens.gitlab);
      const search = await findToken({
        server,
        tokenFile: flags.tokenFile,
        readInput,
        environment,
        keychain,
        home: homedir(),
        redactor,
        now: now(),
        signal,
      });
      return connect(tokenOrThrow(search, server).token);
    },
  });
  return {
    service,
    async signIn(token) {
      const gitlab = await connect(token);
      await gitlab.token();
      service.replace(gitlab);
      return keeping(keychain, server, token);
    },
  };
}
