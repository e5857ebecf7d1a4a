import { expect, onTestFinished, test, vi } from 'vitest';
import type { Project } from '../../source/core/gitlab/model.ts';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { dead, openTestWorkspace, scriptedGitLab } from '../monitor/workspace.ts';

const project: Project = {
  id: 1,
  path: 'tinyland/ai/huskycat',
  defaultBranch: 'main',
  webUrl: 'https://gitlab.test/tinyland/ai/huskycat',
  archived: false,
};

function open(script: Parameters<typeof scriptedGitLab>[0]) {
  const workspace = openTestWorkspace(
    { '.gitlab-ci.yml': 'test:\n  script: echo "$API_TOKEN"\n' },
    { gitlab: { service: scriptedGitLab(script) } },
  );
  const monitor = createMonitor({ workspace });
  onTestFinished(() => monitor.stop());
  return monitor;
}

test('a dead source is marked, with its next step, and the others have their values', async () => {
  const monitor = open({ project: async () => project });
  await monitor.refresh();
  const { project: seen, variables, checkout, variableRows } = monitor.snapshot();
  expect(seen).toMatchObject({ state: 'fresh', value: project });
  expect(checkout).toMatchObject({ state: 'fresh' });
  expect(variables).toMatchObject({
    state: 'failed',
    failure: { saw: 'connection refused', next: ['Is the server up?'] },
  });
  expect(variableRows.find(({ key }) => key === 'API_TOKEN')).toMatchObject({ rung: 'unknown' });
});

test('a value that was there stays when the next look fails, marked stale, with its age and the reason', async () => {
  let answer: () => Promise<Project> = async () => project;
  const monitor = open({ project: () => answer() });
  await monitor.refresh(['project']);
  const { fetchedAt } = monitor.snapshot().project;
  answer = dead;
  await monitor.refresh(['project']);
  expect(monitor.snapshot().project).toEqual({
    state: 'stale',
    value: project,
    fetchedAt,
    failure: expect.objectContaining({ code: 'refused' }),
  });
  answer = async () => project;
  await monitor.refresh(['project']);
  expect(monitor.snapshot().project.state).toBe('fresh');
});

test('a source that never answers delays no other', async () => {
  const monitor = open({ project: () => new Promise(() => {}), runners: async () => ({ runners: [] }) });
  monitor.start(new Set(['project', 'runners']));
  await vi.waitFor(() => expect(monitor.snapshot().runners.state).toBe('fresh'));
  expect(monitor.snapshot().project.state).toBe('loading');
});

test('what was seen in an earlier run is shown as stale until it is replaced', async () => {
  const workspace = openTestWorkspace(
    {},
    { gitlab: { service: scriptedGitLab({ project: async () => project }) } },
  );
  const remembered = { value: { ...project, path: 'old/name' }, fetchedAt: Date.now() - 3_600_000 };
  const monitor = createMonitor({ workspace, lastRun: { project: remembered } });
  onTestFinished(() => monitor.stop());
  expect(monitor.snapshot().project).toEqual({ state: 'stale', ...remembered });
  monitor.start(new Set(['project']));
  await vi.waitFor(() => expect(monitor.snapshot().project.state).toBe('fresh'));
  expect(monitor.snapshot().project.value).toEqual(project);
});
