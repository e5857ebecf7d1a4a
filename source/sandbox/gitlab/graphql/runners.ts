import { type Runner, runners } from '../model/runners.ts';
import type { Context } from '../rest/context.ts';
import { time } from '../rest/show.ts';
import { isBusy, runnerStatus } from '../rest/showRunners.ts';
import { connection, type Paging } from './connection.ts';

export interface RunnerFilter extends Paging {
  readonly status?: string | null;
  readonly type?: string | null;
  readonly paused?: boolean | null;
  readonly tagList?: readonly string[] | null;
}

/** Runners as far as the role may see them; null for those below Maintainer. */
export function runnerList(filter: RunnerFilter, context: Context) {
  if (context.token.access < 40) return null;
  const kept = runners.filter(
    (runner) =>
      (!filter.status || runnerStatus(runner).toUpperCase() === filter.status) &&
      (!filter.type || runner.type.toUpperCase() === filter.type) &&
      (typeof filter.paused !== 'boolean' || runner.paused === filter.paused) &&
      (filter.tagList ?? []).every((tag) => runner.tags.includes(tag)),
  );
  return connection(kept, filter, (runner) => runnerNode(runner, context));
}

export function runnerNode(runner: Runner, context: Context) {
  const contactedAt = time(context.now - runner.silentDays * 86_400_000 - 14_000);
  const shared = {
    version: runner.version,
    revision: runner.revision,
    platformName: runner.platform,
    architectureName: runner.architecture,
    status: runnerStatus(runner).toUpperCase(),
    contactedAt,
  };
  return {
    ...shared,
    id: `gid://gitlab/Ci::Runner/${runner.id}`,
    description: runner.description,
    runnerType: runner.type.toUpperCase(),
    paused: runner.paused,
    active: !runner.paused,
    locked: runner.locked,
    runUntagged: runner.runUntagged,
    tagList: runner.tags,
    accessLevel: runner.accessLevel.toUpperCase(),
    jobExecutionStatus: isBusy(runner, context) ? 'ACTIVE' : 'IDLE',
    createdAt: '2025-02-18T10:12:00.000Z',
    shortSha: runner.systemId.slice(-8),
    maximumTimeout: null,
    managers: (paging: Paging) =>
      connection([runner], paging, () => ({
        ...shared,
        id: `gid://gitlab/Ci::RunnerManager/${runner.id + 7}`,
        systemId: runner.systemId,
        ipAddress: '10.0.4.12',
      })),
  };
}
