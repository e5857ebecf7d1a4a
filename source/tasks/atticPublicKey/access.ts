import { NeedsUser } from '../../core/failure.ts';
import type { Attic } from '../../services/attic/types.ts';
import { requireGitLab } from '../../services/requireGitLab.ts';
import type { Workspace } from '../../services/workspace.ts';

/** The variable that holds the cache's token, here and in GitLab. */
export const tokenName = 'ATTIC_TOKEN';

/**
 * The cache, asked with the token that was chosen: that of the environment, or with `gitlab` the one that GitLab keeps for the
 * project's jobs, which is read only then. Undefined when no cache is configured.
 */
export async function atticWith(
  { attic, gitlab }: Pick<Workspace, 'attic' | 'gitlab'>,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<Attic | undefined> {
  if ('off' in attic) return undefined;
  if (token !== 'gitlab') return attic.service;
  const tried = `read ${tokenName} from GitLab`;
  const secret = await requireGitLab({ gitlab }, tried).variableValue(tokenName, signal);
  if (secret) return attic.service.withToken(secret);
  throw new NeedsUser({
    tried,
    saw: `neither the project nor a group above it has a ${tokenName} that may be read`,
    next: [`Set ${tokenName} in the environment, or use a token of a Maintainer (login).`],
    code: 'no-token',
  });
}
