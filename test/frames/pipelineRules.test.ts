import { expect, test } from 'vitest';
import { Unavailable } from '../../source/core/failure.ts';
import type { Comparison } from '../../source/core/gitlab/comparison.ts';
import type { Snapshot } from '../../source/monitor/snapshot.ts';
import type { GitLab } from '../../source/services/gitlab/types.ts';
import { openRepository } from '../services/git/repository.ts';
import { withPipeline } from './pipelineWorld.ts';
import { noon } from './snapshots.ts';
import { type Shown, show } from './terminal.ts';
import { fakeWorkspace } from './world.ts';

const configuration = `
lint:
  script: [make lint]
  rules:
    - changes: [docs/**/*]
      when: never
    - changes: [src/**/*]
`;
const before = 'b'.repeat(40);

/** The detail of the first job, in a pipeline that a push made. */
async function lint(compare: GitLab['compare']): Promise<Shown> {
  const repository = openRepository({ '.gitlab-ci.yml': configuration });
  const sha = repository.commit('Start');
  const base = withPipeline();
  const view = base.pipeline.value!;
  const pipeline = { ...view.pipeline, sha, source: 'push', ref: 'main', beforeSha: before };
  const snapshot: Snapshot = {
    ...base,
    checkout: { ...base.checkout, value: { ...base.checkout.value!, root: repository.root, commit: sha } },
    pipeline: { ...base.pipeline, value: { ...view, pipeline } },
  };
  const known: Partial<GitLab> = { compare, clockOffset: () => 0, pipelines: async () => [] };
  const workspace = { ...fakeWorkspace({ now: () => noon }), gitlab: { service: known as GitLab } };
  const shown = await show(snapshot, { columns: 100, rows: 50, workspace });
  await shown.type('5');
  await shown.type('\r');
  return shown;
}

test('rules are held against what the push changed, as GitLab tells it', async () => {
  let answer = (_: Comparison): void => undefined;
  const shown = await lint(() => new Promise((resolve) => (answer = resolve)));
  await shown.until('taken as true: GitLab has not told yet what changed');
  expect(shown.frame()).toContain('✔ changes → never');
  answer({ commits: [], paths: ['src/a.py'], isWhole: true });
  await shown.until('1 path changed since bbbbbbbb');
  expect(shown.frame()).not.toContain('taken as true');
  expect(shown.frame()).toMatch(/✖ changes → never\s+│\n.*✔ changes → on_success/);
});

test('where GitLab cannot tell, changes are taken as true, with why', async () => {
  const gone = await lint(async () => undefined);
  await gone.until('taken as true: commit bbbbbbbb or');
  const away = await lint(() =>
    Promise.reject(new Unavailable({ tried: 'GET', saw: '503', next: ['Wait.'], code: 'away' })),
  );
  await away.until('taken as true: 503');
});
