import type { GitLab } from '../services/gitlab/types.ts';

export interface LazyGitLabOptions {
  readonly server: string;
  readonly projectPath: string;
  /** Finds a token and connects; tried again by the next call when it throws. */
  readonly open: (signal?: AbortSignal) => Promise<GitLab>;
}

/** A GitLab that looks for its token when it is first asked something: the screen does not wait for a keychain. */
export interface LazyGitLab extends GitLab {
  /** Uses this one from now on, as after a sign-in. */
  replace(gitlab: GitLab): void;
}

export function createLazyGitLab({ server, projectPath, open }: LazyGitLabOptions): LazyGitLab {
  let current: GitLab | undefined;
  let opening: Promise<GitLab> | undefined;
  const connected = (signal?: AbortSignal): Promise<GitLab> => {
    if (current) return Promise.resolve(current);
    opening ??= open(signal)
      .then((gitlab) => {
        current ??= gitlab;
        return current;
      })
      .finally(() => {
        opening = undefined;
      });
    return opening;
  };
  const later =
    <A extends readonly unknown[], T>(call: (gitlab: GitLab, ...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> =>
      call(await connected(), ...args);
  return {
    server,
    projectPath,
    replace(gitlab) {
      current = gitlab;
    },
    rateLimit: () => current?.rateLimit(),
    clockOffset: () => current?.clockOffset() ?? 0,
    version: later((gitlab, signal?: AbortSignal) => gitlab.version(signal)),
    token: later((gitlab, signal?: AbortSignal) => gitlab.token(signal)),
    project: later((gitlab, signal?: AbortSignal) => gitlab.project(signal)),
    variables: later((gitlab, signal?: AbortSignal) => gitlab.variables(signal)),
    variableValue: later((gitlab, ...args: Parameters<GitLab['variableValue']>) =>
      gitlab.variableValue(...args),
    ),
    protections: later((gitlab, signal?: AbortSignal) => gitlab.protections(signal)),
    runners: later((gitlab, signal?: AbortSignal) => gitlab.runners(signal)),
    pipelines: later((gitlab, ...args: Parameters<GitLab['pipelines']>) => gitlab.pipelines(...args)),
    pipeline: later((gitlab, ...args: Parameters<GitLab['pipeline']>) => gitlab.pipeline(...args)),
    jobs: later((gitlab, ...args: Parameters<GitLab['jobs']>) => gitlab.jobs(...args)),
    job: later((gitlab, ...args: Parameters<GitLab['job']>) => gitlab.job(...args)),
    edges: later((gitlab, ...args: Parameters<GitLab['edges']>) => gitlab.edges(...args)),
    upstream: later((gitlab, ...args: Parameters<GitLab['upstream']>) => gitlab.upstream(...args)),
    trace: later((gitlab, ...args: Parameters<GitLab['trace']>) => gitlab.trace(...args)),
    lint: later((gitlab, ...args: Parameters<GitLab['lint']>) => gitlab.lint(...args)),
    file: later((gitlab, ...args: Parameters<GitLab['file']>) => gitlab.file(...args)),
    branch: later((gitlab, ...args: Parameters<GitLab['branch']>) => gitlab.branch(...args)),
    mergeRequests: later((gitlab, ...args: Parameters<GitLab['mergeRequests']>) =>
      gitlab.mergeRequests(...args),
    ),
    compare: later((gitlab, ...args: Parameters<GitLab['compare']>) => gitlab.compare(...args)),
    mergeRequestBase: later((gitlab, ...args: Parameters<GitLab['mergeRequestBase']>) =>
      gitlab.mergeRequestBase(...args),
    ),
    mergeBase: later((gitlab, ...args: Parameters<GitLab['mergeBase']>) => gitlab.mergeBase(...args)),
    lintContent: later((gitlab, ...args: Parameters<GitLab['lintContent']>) => gitlab.lintContent(...args)),
    registry: later((gitlab, signal?: AbortSignal) => gitlab.registry(signal)),
    registrySize: later((gitlab, ...args: Parameters<GitLab['registrySize']>) =>
      gitlab.registrySize(...args),
    ),
    registryTags: later((gitlab, ...args: Parameters<GitLab['registryTags']>) =>
      gitlab.registryTags(...args),
    ),
    retryJob: later((gitlab, ...args: Parameters<GitLab['retryJob']>) => gitlab.retryJob(...args)),
    playJob: later((gitlab, ...args: Parameters<GitLab['playJob']>) => gitlab.playJob(...args)),
    cancelJob: later((gitlab, ...args: Parameters<GitLab['cancelJob']>) => gitlab.cancelJob(...args)),
    retryPipeline: later((gitlab, ...args: Parameters<GitLab['retryPipeline']>) =>
      gitlab.retryPipeline(...args),
    ),
    createCommit: later((gitlab, ...args: Parameters<GitLab['createCommit']>) =>
      gitlab.createCommit(...args),
    ),
    deleteBranch: later((gitlab, ...args: Parameters<GitLab['deleteBranch']>) =>
      gitlab.deleteBranch(...args),
    ),
    openMergeRequest: later((gitlab, ...args: Parameters<GitLab['openMergeRequest']>) =>
      gitlab.openMergeRequest(...args),
    ),
    closeMergeRequest: later((gitlab, ...args: Parameters<GitLab['closeMergeRequest']>) =>
      gitlab.closeMergeRequest(...args),
    ),
    cancelPipeline: later((gitlab, ...args: Parameters<GitLab['cancelPipeline']>) =>
      gitlab.cancelPipeline(...args),
    ),
    createPipeline: later((gitlab, ...args: Parameters<GitLab['createPipeline']>) =>
      gitlab.createPipeline(...args),
    ),
  };
}
