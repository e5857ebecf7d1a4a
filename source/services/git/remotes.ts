import { parseRemoteAddress, type RemoteAddress } from '../../core/git/remoteAddress.ts';
import { type RemoteProject, remoteProject } from '../../core/git/remoteProject.ts';
import { parseServer } from '../../core/git/server.ts';
import { plain } from '../../core/text/safe.ts';
import { type GitOptions, gitText } from './run.ts';
import { resolveSshAlias } from './sshAlias.ts';

/** A remote of a checkout. */
export interface Remote {
  readonly name: string;
  /** Safe to show: user name and password are left out. */
  readonly url: string;
  /** Absent for local paths. */
  readonly address?: RemoteAddress;
  /** Absent when the address names no group and project. */
  readonly project?: RemoteProject;
  /** glab was told that this is the project to work with. */
  readonly isChosen: boolean;
}

export interface RemoteOptions extends GitOptions {
  /** Servers that the user configured, as he wrote them; they tell sub-paths and ports that a remote cannot. */
  readonly servers?: readonly string[];
  /** The configuration that ssh reads in place of the user's. */
  readonly sshConfiguration?: string;
}

const preferred = ['upstream', 'gitlab', 'origin'];

/**
 * All remotes: the one that glab was told first, then upstream, gitlab, origin, the rest in git's order. git applies
 * `url.*.insteadOf` itself. ssh aliases are resolved as ssh does.
 */
export async function readRemotes(folder: string, options: RemoteOptions = {}): Promise<readonly Remote[]> {
  const [listed, resolved] = await Promise.all([
    gitText(folder, ['remote', '-v'], options),
    gitText(folder, ['config', '-z', '--get-regexp', '^remote\\..*\\.glab-resolved$'], options),
  ]);
  const choices = choicesOf(resolved ?? '');
  const remotes = await Promise.all(
    fetchUrls(listed ?? '').map(([name, url]) => remoteOf(name, url, choices.get(name), options)),
  );
  return remotes.sort((a, b) => rank(a) - rank(b));
}

function rank({ name, isChosen }: Remote): number {
  const at = preferred.indexOf(name);
  return isChosen ? -1 : at < 0 ? preferred.length : at;
}

function fetchUrls(listed: string): readonly (readonly [string, string])[] {
  return listed.split('\n').flatMap((line) => {
    const [, name, url] = /^([^\t]+)\t(.*) \(fetch\)/.exec(line) ?? [];
    return name === undefined || url === undefined ? [] : [[name, url] as const];
  });
}

/** `base`, or `base:group/project` for a project that is not the remote's own, by the name of the remote. */
function choicesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\0')
      .filter(Boolean)
      .map((entry) => {
        const [key = '', value = ''] = entry.split('\n', 2);
        return [key.replace(/^remote\./, '').replace(/\.glab-resolved$/, ''), value] as const;
      }),
  );
}

async function remoteOf(
  name: string,
  url: string,
  choice: string | undefined,
  { servers = [], sshConfiguration, signal }: RemoteOptions,
): Promise<Remote> {
  const written = parseRemoteAddress(url);
  const address =
    written?.scheme === 'ssh'
      ? await resolveSshAlias(written, { configuration: sshConfiguration, signal })
      : written;
  const own =
    address &&
    remoteProject(
      address,
      servers.flatMap((server) => parseServer(server) ?? []),
    );
  const path = /^base:(.+\/.+)$/.exec(choice ?? '')?.[1];
  const project = own && path !== undefined ? { ...own, path } : own;
  return {
    name: plain(name),
    url: withoutCredentials(url),
    ...(address ? { address } : {}),
    ...(project ? { project } : {}),
    isChosen: /^base(?::|$)/.test(choice ?? ''),
  };
}

function withoutCredentials(url: string): string {
  return plain(url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1'));
}
