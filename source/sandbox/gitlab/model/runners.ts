import type { RunnerSpec } from '../../../core/pipeline/runners.ts';

/** A runner as GitLab keeps it. */
export interface Runner {
  readonly id: number;
  readonly description: string;
  readonly type: 'instance_type' | 'group_type' | 'project_type';
  readonly tags: readonly string[];
  readonly runUntagged: boolean;
  readonly concurrent: number;
  readonly paused: boolean;
  readonly locked: boolean;
  readonly accessLevel: 'not_protected' | 'ref_protected';
  readonly platform: string;
  readonly architecture: string;
  readonly executor: string;
  readonly version: string;
  readonly revision: string;
  readonly systemId: string;
  /** Days since it last spoke; 0 is online. */
  readonly silentDays: number;
}

const linux = {
  type: 'instance_type',
  tags: ['linux', 'docker', 'amd64'],
  runUntagged: true,
  concurrent: 3,
  paused: false,
  locked: false,
  accessLevel: 'not_protected',
  platform: 'linux',
  architecture: 'amd64',
  executor: 'docker',
  version: '18.6.0',
  revision: 'a0c77b0f',
  silentDays: 0,
} as const;

/** Who runs jobs: shared Linux machines (one long gone), honey, and the Mac that signs. */
export const runners: readonly Runner[] = [
  { ...linux, id: 32976645, description: 'shared-linux-1', systemId: 's_0d3be23e8a1c' },
  { ...linux, id: 32976646, description: 'shared-linux-2', systemId: 's_5f1b0c9937ae' },
  {
    ...linux,
    id: 28003112,
    description: 'shared-linux-old',
    version: '16.11.1',
    revision: '535ced5f',
    systemId: 's_77c10aa2e640',
    silentDays: 12,
  },
  {
    ...linux,
    id: 45110208,
    description: 'honey',
    type: 'group_type',
    tags: ['honey', 'linux', 'nix', 'bazel'],
    runUntagged: false,
    concurrent: 2,
    systemId: 's_honey4c21d0',
  },
  {
    ...linux,
    id: 46120331,
    description: 'mac-mini',
    type: 'project_type',
    tags: ['macos', 'arm64'],
    runUntagged: false,
    concurrent: 1,
    locked: true,
    platform: 'darwin',
    architecture: 'arm64',
    executor: 'shell',
    systemId: 's_macmini91b3',
  },
];

/** What the scheduler sees: runners that speak and are not paused. */
export function usable(all: readonly Runner[]): RunnerSpec[] {
  return all
    .filter(({ paused, silentDays }) => !paused && silentDays === 0)
    .map(({ description, tags, runUntagged, concurrent }) => ({
      name: description,
      tags,
      runUntagged,
      concurrent,
    }));
}
