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
    CI_SERVER: 'yes',
    CI_SERVER_NAME: 'GitLab',
    CI_PIPELINE_SOURCE: pipelineSource(event),
    CI_DEFAULT_BRANCH: defaultBranch,
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: slugify(ref),
    CI_COMMIT_REF_PROTECTED: String(event !== 'merge_request' && ref === defaultBranch),
    CI_CONFIG_PATH: '.gitlab-ci.yml',
    ...(event === 'tag' ? { CI_COMMIT_TAG: ref } : {}),
    ...(event === 'merge_request' ? mergeRequest(ref, defaultBranch, context) : {}),
    ...(event === 'tag' || event === 'merge_request' ? {} : { CI_COMMIT_BRANCH: ref }),
    ...derived(context.known ?? {}),
  };
}

/** What follows from the commit and the project that the caller knows. */
function derived(known: Variables): Variables {
  const { CI_COMMIT_MESSAGE: message, CI_COMMIT_TITLE: title, CI_PROJECT_PATH: path } = known;
  const { CI_SERVER_HOST: host } = known;
  // GitLab gives the whole message where its first line is longer than a title.
  const rest = title !== undefined && title.length < 100 ? message?.slice(title.length).trim() : message;
  return {
    ...(rest === undefined ? {} : { CI_COMMIT_DESCRIPTION: rest }),
    ...(path === undefined ? {} : { CI_PROJECT_PATH_SLUG: slugify(path) }),
    ...(host === undefined
      ? {}
      : { CI_SERVER_FQDN: host, CI_SERVER_URL: `https://${host}`, CI_API_V4_URL: `https://${host}/api/v4` }),
    ...(host === undefined || path === undefined ? {} : { CI_PROJECT_URL: `https://${host}/${path}` }),
    ...known,
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
