import type { LayerOption } from '../../core/container/layerOption.ts';
import type { Preflight } from '../task.ts';

/** Where a way differs from the plan's own lines, and why. */
const corrections: Readonly<Partial<Record<LayerOption, readonly (readonly [string, string])[]>>> = {
  buildkit: [
    [
      'image tags',
      'kept as the job writes them: the plan drops a suffix such as -amd64, and every job that pulls the tag would end with “manifest unknown”',
    ],
    [
      'cache tag',
      'one a branch, and the default branch’s is read too: with the plan’s one :buildcache the last branch to end wins, and any branch could change what the default branch builds from',
    ],
    [
      'inline cache',
      'left out: it holds the last stage’s layers only, and beside a cache in the registry it adds nothing',
    ],
    [
      'builder',
      'pinned, of the driver docker-container, and made from a context where the daemon has TLS: else buildx could not create it',
    ],
    [
      'place',
      'the edit goes where the job is written; .gitlab/ci/container-build.yml of the plan may not exist',
    ],
    ['failing export', 'ignored (ignore-error): a full registry must not fail a build that works'],
  ],
  kaniko: [
    [
      'builder',
      'pinned to a version and :debug: the plan’s :latest has no shell, so GitLab could not run a script in it, and it moves',
    ],
    [
      'image tags',
      'kept as the job writes them: the plan drops a suffix such as -amd64, and every job that pulls the tag would end with “manifest unknown”',
    ],
    [
      'stage, rules, retry, reports',
      'kept: the plan’s job has none, and without its stage the jobs that need it could not be created',
    ],
    ['credentials', 'written to config.json: the plan’s lines push without a login'],
    ['recommendation', 'not followed: Kaniko’s repository is archived since June 2025'],
  ],
};

/** The corrections as lines of what was looked at. */
export function correctionLines(option: LayerOption): Preflight[] {
  return (corrections[option] ?? []).map(([what, why], index) => ({
    id: `correction-${index + 1}`,
    title: `Unlike the plan: ${what}`,
    state: 'fine',
    saw: why,
  }));
}
