import type { Variables } from './expression/evaluate.ts';
import type { PipelineContext } from './model.ts';

const sources = {
  push: 'push',
  merge_request: 'merge_request_event',
  tag: 'push',
  schedule: 'schedule',
  web: 'web',
} as const;

/** `CI_PIPELINE_SOURCE` of an event. */
export function pipelineSource(event: PipelineContext['event']): string {
  return sources[event];
}

/** GitLab's `Gitlab::Utils.slugify`: lower case, 63 characters, no hyphen at the ends. */
export function slugify(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}

/** The predefined variables that decide which jobs a pipeline gets, as GitLab sets them for the event. */
export function predefinedVariables(context: PipelineContext): Variables {
  const { event, ref, defaultBranch } = context;
  return {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PIPELINE_SOURCE: pipelineSource(event),
    CI_DEFAULT_BRANCH: defaultBranch,
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: slugify(ref),
    CI_COMMIT_REF_PROTECTED: String(event !== 'merge_request' && ref === defaultBranch),
    CI_CONFIG_PATH: '.gitlab-ci.yml',
    ...(event === 'tag' ? { CI_COMMIT_TAG: ref } : {}),
    ...(event === 'merge_request' ? mergeRequest(ref, defaultBranch, context) : {}),
    ...(event === 'tag' || event === 'merge_request' ? {} : { CI_COMMIT_BRANCH: ref }),
    ...context.known,
  };
}

function mergeRequest(source: string, target: string, { known }: PipelineContext): Variables {
  const path = known?.CI_PROJECT_PATH;
  return {
    CI_MERGE_REQUEST_ID: '1',
    CI_MERGE_REQUEST_IID: '1',
    CI_MERGE_REQUEST_REF_PATH: 'refs/merge-requests/1/head',
    CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: source,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: target,
    CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: 'false',
    CI_MERGE_REQUEST_TARGET_BRANCH_PROTECTED: 'true',
    CI_MERGE_REQUEST_DRAFT: 'false',
    CI_OPEN_MERGE_REQUESTS: `${path ?? 'project'}!1`,
    ...(path === undefined
      ? {}
      : { CI_MERGE_REQUEST_PROJECT_PATH: path, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: path }),
  };
}
