import { Refused } from '../../core/failure.ts';
import type {
  Action,
  CloseTrial,
  Commit,
  OpenMergeRequest,
  RunPipeline,
  WaitFor,
} from '../../core/plan/action.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Secret } from '../../core/secret.ts';
import type { GitLab } from '../../services/gitlab/types.ts';
import type { Shell } from '../../services/ssh/types.ts';
import type { Workspace } from '../../services/workspace.ts';
import { closeTrial } from './closeTrial.ts';
import { command } from './command.ts';
import { commit } from './commit.ts';
import { editFile } from './editFile.ts';
import type { Executor } from './executor.ts';
import { openMergeRequest } from './mergeRequest.ts';
import { here, honeyShell, onHoney } from './place.ts';
import { runPipeline } from './runPipeline.ts';

/** What the steps of a plan work with. */
export interface Context {
  readonly workspace: Workspace;
  /** Of the checkout; absent when no step edits a file. */
  readonly root?: string;
  /** On honey; absent when no step runs there. */
  readonly shell?: Shell;
  /** By name. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Opens what the plan's steps need. */
export async function openContext(
  workspace: Workspace,
  { steps }: Plan,
  secrets: ReadonlyMap<string, Secret>,
  signal?: AbortSignal,
): Promise<Context> {
  const edits = steps.some(({ action }) => action.kind === 'edit-file');
  const isOnHoney = steps.some(({ action }) => action.kind === 'command' && action.where === 'honey');
  return {
    workspace,
    secrets,
    ...(edits ? { root: (await workspace.openCheckout(signal)).root } : {}),
    ...(isOnHoney ? { shell: await honeyShell(workspace, signal) } : {}),
  };
}

/** An action that changes something. */
export type Effective = Exclude<Action, WaitFor>;

export function isEffective(action: Action): action is Effective {
  return action.kind !== 'wait';
}

/** The executor of an action. */
export function executorOf(action: Effective, context: Context): Executor {
  const { root, shell, secrets } = context;
  switch (action.kind) {
    case 'edit-file':
      return editFile(action, root ?? '');
    case 'command': {
      const place = action.where === 'honey' && shell ? onHoney(shell, action.address) : here(action.cwd);
      return command(action, place, secrets);
    }
    case 'commit':
      return commit(action, gitlabOf(context, action));
    case 'open-merge-request':
      return openMergeRequest(action, gitlabOf(context, action));
    case 'close-trial':
      return closeTrial(action, gitlabOf(context, action), context.workspace);
    case 'run-pipeline':
      return runPipeline(action, gitlabOf(context, action), context.workspace.now);
  }
}

/** GitLab, which must be the one that the plan was made for. */
function gitlabOf(
  { workspace }: Context,
  { server, project }: Commit | OpenMergeRequest | RunPipeline | CloseTrial,
): GitLab {
  const { gitlab } = workspace;
  const found = 'service' in gitlab ? `${gitlab.service.server}/${gitlab.service.projectPath}` : undefined;
  if ('service' in gitlab && found === `${server}/${project}`) return gitlab.service;
  throw new Refused({
    tried: `change ${server}/${project}`,
    saw: found === undefined ? 'no GitLab project is configured' : `the project is now ${found}`,
    next: ['Name the project that the plan was made for (--host, --project), or plan again.'],
    code: 'other-project',
  });
}
