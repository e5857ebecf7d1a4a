import { NeedsUser } from '../../core/failure.ts';
import type { RemoteProject } from '../../core/git/remoteProject.ts';
import { parseServer } from '../../core/git/server.ts';
import { plain } from '../../core/text/safe.ts';
import { type OptionName, optionTable } from './optionTable.ts';
import type { Configuration, Profile } from './shape.ts';

/** Where a value came from; `from` names the very place: `--project`, `HUSKYCAT_PROJECT`, `profile work`, `remote upstream`. */
export interface Origin {
  readonly source: 'flag' | 'environment' | 'profile' | 'checkout' | 'default';
  readonly from: string;
}

export interface Resolved extends Origin {
  readonly value: string;
}

/** Every option that has a value, with where it came from. */
export type Options = { readonly [Name in OptionName]?: Resolved };

/** What a checkout says, weakest of all: it may be anybody's. */
export interface CheckoutHints {
  /** In the order of preference. */
  readonly remotes?: readonly (RemoteProject & { readonly remote: string })[];
  /** What its files name, with the file. */
  readonly files?: { readonly [Name in OptionName]?: { readonly value: string; readonly file: string } };
}

export interface OptionInputs {
  /** As commander gives them, by the name of the option. */
  readonly flags: { readonly [Name in OptionName]?: string | boolean | undefined };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configuration: Configuration;
  readonly checkout?: CheckoutHints;
}

/**
 * Every option from the strongest place that has it: flag, `HUSKYCAT_*` variable, profile, what the checkout says, default.
 * An empty variable counts as unset. `host` is a base address (`https://gitlab.com`). Throws `NeedsUser` with code `no-profile`
 * for a profile that there is not, and `bad-option` for a host that is no address.
 */
export function resolveOptions({ flags, environment, configuration, checkout = {} }: OptionInputs): Options {
  const given = (name: OptionName): Resolved | undefined => {
    const { flag, variable } = optionTable[name];
    const value = flags[name];
    if (flag !== undefined && value !== undefined && value !== false)
      return { value: String(value), source: 'flag', from: flag };
    const set = environment[variable];
    return set ? { value: set, source: 'environment', from: variable } : undefined;
  };
  const chosen = given('profile') ?? fromFile(configuration.profile);
  const profile = chosen && profileOf(configuration, chosen);
  const resolved: { [Name in OptionName]?: Resolved } = {};
  if (chosen) resolved.profile = chosen;
  for (const name of Object.keys(optionTable) as OptionName[]) {
    const value = resolved[name] ?? given(name) ?? configured(name, configuration, profile, chosen?.value);
    const hint = checkout.files?.[name];
    const found = value ?? (hint && { value: hint.value, source: 'checkout', from: hint.file });
    if (found) resolved[name] = found;
  }
  return { ...resolved, ...serverAndProject(resolved, environment, checkout.remotes ?? []) };
}

function fromFile(value: string | undefined): Resolved | undefined {
  return value === undefined ? undefined : { value, source: 'profile', from: 'the configuration file' };
}

function profileOf(configuration: Configuration, { value, from }: Resolved): Profile {
  const found = Object.hasOwn(configuration.profiles, value) ? configuration.profiles[value] : undefined;
  if (found) return found;
  const names = Object.keys(configuration.profiles);
  throw new NeedsUser({
    tried: `use the profile ${plain(value)} (${from})`,
    saw: 'the configuration file has no such profile',
    next: [
      names.length > 0
        ? `The profiles are: ${names.join(', ')}`
        : 'Save one first, or leave the profile out.',
    ],
    code: 'no-profile',
  });
}

function configured(
  name: OptionName,
  configuration: Configuration,
  profile: Profile | undefined,
  profileName: string | undefined,
): Resolved | undefined {
  const { ofProfile, ofFile } = optionTable[name];
  const own = profile && ofProfile?.(profile);
  if (own !== undefined) return { value: own, source: 'profile', from: `profile ${profileName}` };
  return fromFile(ofFile?.(configuration));
}

/** A project and its server belong together: a remote gives the one that is missing only from the server that was named. */
function serverAndProject(
  { host, project }: Options,
  environment: OptionInputs['environment'],
  remotes: readonly (RemoteProject & { readonly remote: string })[],
): Options {
  const named = host ?? (project ? ofGitLab(environment) : undefined);
  const server = named && { ...named, value: addressOf(named) };
  const remote = server ? remotes.find((one) => one.server === server.value) : remotes[0];
  const origin = { source: 'checkout', from: `remote ${plain(remote?.remote ?? '')}` } as const;
  const fallback: Resolved = { value: 'https://gitlab.com', source: 'default', from: 'the default' };
  const path = project ?? (remote && { ...origin, value: remote.path });
  const address = server ?? (remote && { ...origin, value: remote.server }) ?? (path && fallback);
  return { ...(address ? { host: address } : {}), ...(path ? { project: path } : {}) };
}

/** GitLab's own clients read GITLAB_HOST; a project that was named without a server is looked for there. */
function ofGitLab(environment: OptionInputs['environment']): Resolved | undefined {
  const value = environment.GITLAB_HOST;
  return value ? { value, source: 'environment', from: 'GITLAB_HOST' } : undefined;
}

function addressOf({ value, from }: Resolved): string {
  const address = parseServer(value);
  if (address !== undefined) return address;
  throw new NeedsUser({
    tried: `use the GitLab server of ${from}`,
    saw: 'it is neither a host nor an http or https address without user name and query',
    next: ['Give it like: gitlab.example.com, or https://example.com:8443/gitlab'],
    code: 'bad-option',
  });
}
