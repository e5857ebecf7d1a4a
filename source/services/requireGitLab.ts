import { NeedsUser } from '../core/failure.ts';
import type { GitLab } from './gitlab/types.ts';
import type { Workspace } from './workspace.ts';

/** The project’s GitLab, to do what was `tried`. Throws `NeedsUser` where none is configured. */
export function requireGitLab({ gitlab }: Pick<Workspace, 'gitlab'>, tried: string): GitLab {
  if ('service' in gitlab) return gitlab.service;
  throw new NeedsUser({
    tried,
    saw: 'no GitLab project is configured',
    next: [gitlab.off],
    code: 'no-gitlab',
  });
}
