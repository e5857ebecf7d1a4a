import { Bug } from '../../core/failure.ts';
import type { Action } from '../../core/plan/action.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Secret } from '../../core/secret.ts';
import type { Workspace } from '../../services/workspace.ts';
import { editFile } from './editFile.ts';
import type { Executor } from './executor.ts';

/** What the steps of a plan work with. */
export interface Context {
  readonly workspace: Workspace;
  /** Of the checkout; absent when no step edits a file. */
  readonly root?: string;
  /** By name. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Opens what the plan's steps need. */
export async function openContext(
  workspace: Workspace,
  plan: Plan,
  secrets: ReadonlyMap<string, Secret>,
  signal?: AbortSignal,
): Promise<Context> {
  const edits = plan.steps.some(({ action }) => action.kind === 'edit-file');
  if (!edits) return { workspace, secrets };
  return { workspace, secrets, root: (await workspace.openCheckout(signal)).root };
}

/** The executor of an action that has an effect. */
export function executorOf(action: Action, { root = '' }: Context): Executor {
  switch (action.kind) {
    case 'edit-file':
      return editFile(action, root);
    default:
      throw new Bug({
        tried: `carry out ${action.kind}`,
        saw: 'no executor',
        next: ['Report this.'],
        code: 'no-executor',
      });
  }
}
