import { join } from 'node:path';
import type { Environment } from './environment.ts';

export interface GlabFile {
  readonly path: string;
  /** The repository's own comes on top of the first that there is of the others. */
  readonly ofRepository: boolean;
}

/**
 * Where glab's configuration may be, first match first, as glab looks: the repository's own, then `GLAB_CONFIG_DIR` alone
 * when it is set, else the old folder in `~/.config` on every system, the XDG folder (on macOS the Library's), the system's.
 */
export function glabFiles(
  environment: Environment,
  home: string,
  {
    gitFolder,
    platform = process.platform,
  }: { gitFolder?: string | undefined; platform?: NodeJS.Platform } = {},
): readonly GlabFile[] {
  const file = (folder: string, ofRepository = false) => ({ path: join(folder, 'config.yml'), ofRepository });
  const own = gitFolder === undefined ? [] : [file(join(gitFolder, 'glab-cli'), true)];
  if (environment.GLAB_CONFIG_DIR) return [...own, file(environment.GLAB_CONFIG_DIR)];
  const usual = platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.config');
  const system = (environment.XDG_CONFIG_DIRS || '/etc/xdg')
    .split(':')
    .filter((path) => path.startsWith('/'));
  const folders = new Set([join(home, '.config'), absolute(environment.XDG_CONFIG_HOME) ?? usual, ...system]);
  return [...own, ...[...folders].map((folder) => file(join(folder, 'glab-cli')))];
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
