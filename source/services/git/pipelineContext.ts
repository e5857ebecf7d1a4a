import type { Variables } from '../../core/ci/expression/evaluate.ts';
import type { PipelineContext, PipelineEvent } from '../../core/ci/model.ts';
import type { Checkout } from './checkout.ts';

export interface ContextOptions {
  readonly ref?: string;
  readonly changed?: readonly string[];
  readonly variables?: Variables;
}

/** The pipeline that an event on a checkout would ask for; without `ref`, the ref that is checked out. */
export function pipelineContext(
  checkout: Checkout,
  event: PipelineEvent,
  { ref, changed, variables = {} }: ContextOptions = {},
): PipelineContext {
  const checkedOut = event === 'tag' ? checkout.tags[0] : checkout.branch;
  return {
    event,
    ref: ref ?? checkedOut ?? checkout.defaultBranch,
    defaultBranch: checkout.defaultBranch,
    variables,
    known: knownVariables(checkout),
    files: checkout,
    ...(checkout.refs && checkout.refs.length > 0 ? { refs: checkout.refs } : {}),
    ...(changed ? { changed } : {}),
  };
}

function knownVariables({ commit, project }: Checkout): Record<string, string> {
  const known: Record<string, string> = {};
  if (commit) {
    known.CI_COMMIT_SHA = commit.sha;
    known.CI_COMMIT_SHORT_SHA = commit.sha.slice(0, 8);
    known.CI_COMMIT_MESSAGE = commit.message;
    known.CI_COMMIT_TITLE = commit.message.split('\n')[0] ?? '';
  }
  if (project) {
    const [root = ''] = project.path.split('/');
    known.CI_PROJECT_PATH = project.path;
    known.CI_PROJECT_NAME = project.path.slice(project.path.lastIndexOf('/') + 1);
    known.CI_PROJECT_NAMESPACE = project.path.slice(0, project.path.lastIndexOf('/'));
    known.CI_PROJECT_ROOT_NAMESPACE = root;
    known.CI_SERVER_HOST = project.host.replace(/:\d+$/, '');
  }
  return known;
}
