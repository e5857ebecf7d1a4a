import type { Comparison } from '../../source/core/gitlab/comparison.ts';
import type { PipelineJob, PipelineSummary } from '../../source/core/gitlab/model.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { type JobParts, job } from '../unit/speed/world.ts';
import { noon } from './snapshots.ts';
import { fakeWorkspace } from './world.ts';

const hour = 3_600_000;
const sha = (id: number): string => String(id).padStart(40, '0');
/** The pipeline whose commit caches the layers. */
const changed = 13;
const count = 24;

/** What a pipeline changed, oldest first: Python and documents by turns, and once the CI configuration. */
function comparison(id: number): Comparison {
  if (id === changed)
    return {
      commits: [{ sha: sha(id), title: 'Cache the image’s layers', at: new Date(noon).toISOString() }],
      paths: ['.gitlab-ci.yml'],
      isWhole: true,
    };
  return { commits: [], paths: [id % 3 === 0 ? 'docs/index.md' : 'src/a.py'], isWhole: true };
}

function summary(id: number): PipelineSummary {
  const createdAt = new Date(noon - (count - id + 1) * 8 * hour).toISOString();
  const common = { iid: id, status: 'success', ref: 'main', source: 'push', webUrl: '' } as const;
  return { ...common, id, sha: sha(id), createdAt, updatedAt: createdAt };
}

function jobs(id: number): PipelineJob[] {
  const isFast = id >= changed;
  const parts: readonly JobParts[] = [
    { name: 'validate', seconds: 60 + (id % 5) },
    { name: 'download:tools:linux', seconds: 140 + ((id * 7) % 20), from: 65, queue: 3 },
    {
      name: 'container:build',
      seconds: (isFast ? 150 : 1_600) + ((id * 13) % 90),
      from: 230,
      queue: 12,
      size: 1_000_000,
    },
  ];
  return parts.map((one, index) => job(Date.parse(summary(id).createdAt), id * 10 + index, one));
}

export interface SpeedWorld {
  readonly workspace: Workspace;
  readonly calls: string[];
  /** What the list of pipelines does from now on. */
  answer(how: 'well' | 'never' | Error): void;
}

/** A workspace whose GitLab has three weeks of pipelines, and writes down what it is asked. */
export function speedWorld(): SpeedWorld {
  const calls: string[] = [];
  let how: 'well' | 'never' | Error = 'well';
  const asked = async <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    if (how instanceof Error) throw how;
    if (how === 'never') return new Promise<T>(() => {});
    return value;
  };
  const gitlab: Partial<GitLab> = {
    server: 'https://gitlab.example',
    projectPath: 'tinyland/ai/huskycat',
    project: () =>
      Promise.resolve({
        id: 7,
        path: 'tinyland/ai/huskycat',
        defaultBranch: 'main',
        webUrl: '',
        archived: false,
      }),
    pipelines: ({ limit }) =>
      asked('pipelines', Array.from({ length: count }, (_, index) => summary(count - index)).slice(0, limit)),
    pipeline: (id) => asked(`pipeline ${id}`, { ...summary(id), tag: false }),
    jobs: (id) => asked(`jobs ${id}`, jobs(id)),
    compare: ({ to }) => asked(`compare ${Number(to)}`, comparison(Number(to))),
    registry: () => asked('registry', []),
    rateLimit: () => undefined,
    clockOffset: () => 0,
  };
  const workspace = { ...fakeWorkspace({ now: () => noon }), gitlab: { service: gitlab as GitLab } };
  return {
    workspace,
    calls,
    answer(next) {
      how = next;
    },
  };
}
