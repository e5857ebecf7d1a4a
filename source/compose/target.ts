import { homedir } from 'node:os';
import { bazelClaims } from '../core/bazel/claims.ts';
import { ownSubstituters } from '../core/caches/attic.ts';
import { NeedsUser } from '../core/failure.ts';
import { nixClaims } from '../core/nix/claims.ts';
import { createRedactor } from '../core/text/redact.ts';
import { type Options, resolveOptions } from '../services/config/options.ts';
import type { Paths } from '../services/config/paths.ts';
import { readConfiguration } from '../services/config/read.ts';
import { type Configuration, emptyConfiguration } from '../services/config/shape.ts';
import { findToken } from '../services/credentials/find.ts';
import { openKeychain } from '../services/credentials/keychain.ts';
import type { Checkout } from '../services/git/checkout.ts';
import { openCheckout } from '../services/git/checkout.ts';
import { readRemotes } from '../services/git/remotes.ts';
import type { CommonFlags } from './flags.ts';

/** What this run looks at, and where each choice came from. */
export interface Target {
  readonly options: Options;
  readonly configuration: Configuration;
  /** Folder of the checkout. */
  readonly dir: string;
  /** Absent when the folder is no checkout. */
  readonly checkout?: Checkout;
}

export interface TargetQuestion {
  readonly flags: CommonFlags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly paths: Paths;
}

/** Resolves every option from flags, environment, configuration file and checkout. Throws what is wrong with one of them. */
export async function findTarget({ flags, environment, paths }: TargetQuestion): Promise<Target> {
  const configuration = flags.sandbox ? emptyConfiguration : await readConfiguration(paths.configuration);
  const first = resolveOptions({ flags, environment, configuration });
  const dir = first.dir?.value ?? '.';
  const checkout = await openCheckout(dir).catch((thrown: unknown) => {
    if (thrown instanceof NeedsUser && first.dir === undefined) return undefined;
    throw thrown;
  });
  const isPlaceless = !checkout || (first.dir === undefined && !isWorthReading(checkout));
  if (isPlaceless) return { options: first, configuration, dir };
  const options = resolveOptions({
    flags,
    environment,
    configuration,
    checkout: { remotes: await remotesOf(checkout, configuration), files: fileHints(checkout) },
  });
  return { options, configuration, dir, checkout };
}

/**
 * Whether there is something of the user's own to look at: a profile, a flag or variable that names a target, or a checkout
 * of a project on a server that a token is found for. Looks for the token only in the last case.
 */
export async function isConfigured(
  { options, checkout }: Target,
  { flags, environment }: Pick<TargetQuestion, 'flags' | 'environment'>,
): Promise<boolean> {
  const named = [options.project, options.host, options.attic, options.bazelRemote, options.honey];
  if (flags.tokenFile !== undefined) return true;
  if (named.some((option) => option && option.source !== 'checkout' && option.source !== 'default'))
    return true;
  const server = options.host?.value;
  if (!checkout || server === undefined || options.project === undefined) return false;
  const redactor = createRedactor();
  const { found } = await findToken({
    server,
    readInput: () => Promise.resolve(''),
    environment,
    keychain: openKeychain({ environment, redactor }),
    home: homedir(),
    redactor,
    now: Date.now(),
  });
  return found !== undefined;
}

/** A folder without git is a checkout only when it holds something that is read. */
function isWorthReading(checkout: Checkout): boolean {
  return (
    checkout.isGit ||
    ['.gitlab-ci.yml', 'flake.nix', '.bazelrc'].some((path) => checkout.read(path) !== undefined)
  );
}

async function remotesOf(checkout: Checkout, { profiles }: Configuration) {
  if (!checkout.isGit) return [];
  const servers = Object.values(profiles).flatMap(({ host }) => host ?? []);
  const remotes = await readRemotes(checkout.root, { servers });
  return remotes.flatMap(({ name, project }) => (project ? [{ ...project, remote: name }] : []));
}

/** The cache addresses that the checkout's own files name. */
function fileHints(checkout: Checkout) {
  const [substituter] = ownSubstituters(nixClaims(checkout)).filter(
    ({ isReference, value }) => !isReference && /^https?:/.test(value),
  );
  const endpoint = bazelClaims(checkout).claims.find(
    ({ topic, isActive, value }) =>
      topic === 'remote-cache' && isActive && value !== undefined && !value.includes('$'),
  );
  return {
    ...(substituter ? { attic: { value: substituter.value, file: substituter.file } } : {}),
    ...(endpoint?.value === undefined ? {} : { bazelRemote: { value: endpoint.value, file: endpoint.file } }),
  };
}
