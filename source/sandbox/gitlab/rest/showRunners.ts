import { groups, project } from '../model/places.ts';
import type { Runner } from '../model/runners.ts';
import type { Context } from './context.ts';
import { time } from './show.ts';

const created = '2025-02-18T10:12:00.000Z';

/** GitLab calls a runner stale after seven days, offline after two hours. */
export function runnerStatus({ silentDays }: Runner): 'online' | 'offline' | 'stale' {
  if (silentDays === 0) return 'online';
  return silentDays > 7 ? 'stale' : 'offline';
}

/** True while a job runs on it. */
export function isBusy(runner: Runner, { world }: Pick<Context, 'world'>): boolean {
  const last = world.engine.pipelines.slice(-20);
  return last.some(({ latest }) =>
    [...latest.values()].some((run) => run.status === 'running' && run.runner?.id === runner.id),
  );
}

/** `API_Entities_Ci_Runner`. */
export function showRunner(runner: Runner, context: Context) {
  return {
    id: runner.id,
    description: runner.description,
    ip_address: null,
    active: !runner.paused,
    paused: runner.paused,
    is_shared: runner.type === 'instance_type',
    runner_type: runner.type,
    name: 'gitlab-runner',
    online: runnerStatus(runner) === 'online',
    created_by: null,
    created_at: created,
    status: runnerStatus(runner),
    job_execution_status: isBusy(runner, context) ? 'active' : 'idle',
  };
}

/** `API_Entities_Ci_RunnerDetails`. */
export function showRunnerDetails(runner: Runner, context: Context) {
  const { server } = context;
  const [root] = groups;
  return {
    ...showRunner(runner, context),
    tag_list: runner.tags,
    run_untagged: runner.runUntagged,
    locked: runner.locked,
    maximum_timeout: null,
    access_level: runner.accessLevel,
    version: runner.version,
    revision: runner.revision,
    platform: runner.platform,
    architecture: runner.architecture,
    contacted_at: time(context.now - runner.silentDays * 86_400_000 - 14_000),
    maintenance_note: null,
    projects:
      runner.type === 'project_type'
        ? [
            {
              id: project.id,
              name: project.name,
              path: project.name,
              path_with_namespace: project.path,
              created_at: created,
              description: '',
              name_with_namespace: 'tinyland / ai / huskycat',
            },
          ]
        : [],
    groups:
      runner.type === 'group_type' && root
        ? [{ id: root.id, name: root.name, web_url: `${server}/groups/${root.path}` }]
        : [],
  };
}
