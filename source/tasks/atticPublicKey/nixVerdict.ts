import { withTemporaryFolder } from '../../services/files/temporary.ts';
import { runChanging } from '../../services/process/run.ts';
import type { Planning } from '../task.ts';
import { findProgram } from './programs.ts';

export interface NixVerdict {
  readonly isTrusted: boolean;
  readonly saw: string;
}

/**
 * What `nix store verify` says of a path's signature with one key: exit status 0 trusted, 2 untrusted. It gets a HOME of its
 * own, since nix believes what it saw before for 30 days. Undefined without nix, or when it cannot tell.
 */
export async function nixVerdict(
  planning: Omit<Planning, 'choice'>,
  { url, key, path }: { readonly url: string; readonly key: string; readonly path: string },
): Promise<NixVerdict | undefined> {
  const { workspace, signal } = planning;
  const nix = await findProgram(planning, 'nix');
  if (nix === undefined) return undefined;
  const options = { 'trusted-public-keys': key, 'connect-timeout': '3', 'download-attempts': '1' };
  const argv = [
    ...['--extra-experimental-features', 'nix-command flakes'],
    ...['store', 'verify', '--no-contents', '--sigs-needed', '1', '--store', url],
    ...Object.entries(options).flatMap(([name, value]) => ['--option', name, value]),
    path,
  ];
  const result = await workspace.gate
    .perform(
      {
        title: 'Ask nix, in a folder of its own',
        effect: 'own',
        target: 'a temporary folder',
        detail: `nix ${argv.join(' ')}`,
        undo: { text: 'The folder is removed at once.' },
        perform: (grant, given) =>
          withTemporaryFolder(grant, (home) =>
            runChanging(grant, [nix, ...argv], {
              cwd: home,
              env: { HOME: home, XDG_CACHE_HOME: `${home}/.cache`, XDG_CONFIG_HOME: `${home}/.config` },
              timeout: 30_000,
              signal: given,
            }),
          ),
      },
      signal,
    )
    .catch(() => undefined);
  signal?.throwIfAborted();
  if (result?.code === 0) return { isTrusted: true, saw: `${path} is trusted` };
  return result?.code === 2 ? { isTrusted: false, saw: `${path} is not trusted with ${key}` } : undefined;
}
