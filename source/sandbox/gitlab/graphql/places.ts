import { isChild } from '../model/bridges.ts';
import { type Group, groups, project } from '../model/places.ts';
import { projectUrl } from '../rest/show.ts';
import { connection, type Paging } from './connection.ts';
import type { GraphContext } from './context.ts';
import { type RunnerFilter, runnerList } from './runners.ts';
import { jobNode, pipelineNode } from './runs.ts';

interface PipelineFilter extends Paging {
  readonly ref?: string | null;
  readonly sha?: string | null;
  readonly source?: string | null;
  readonly status?: string | null;
}

export function projectNode(context: GraphContext): Record<string, unknown> {
  const { world } = context;
  const { pipelines, jobs } = world.engine;
  return {
    id: `gid://gitlab/Project/${project.id}`,
    name: project.name,
    path: project.name,
    fullPath: project.path,
    nameWithNamespace: 'tinyland / ai / huskycat',
    webUrl: projectUrl(context),
    visibility: 'private',
    archived: false,
    description: "Validates a repository's code and configuration",
    pipeline: ({ id, iid, sha }: { id?: string; iid?: string; sha?: string }) => {
      const found = pipelines.findLast(
        (one) =>
          (id !== undefined && id === `gid://gitlab/Ci::Pipeline/${one.id}`) ||
          (iid !== undefined && iid === String(one.iid)) ||
          (sha !== undefined && sha === one.sha),
      );
      return found ? pipelineNode(found, context) : null;
    },
    pipelines: (filter: PipelineFilter) => {
      const kept = pipelines.filter(
        (one) =>
          (!filter.ref || one.ref === filter.ref) &&
          (!filter.sha || one.sha === filter.sha) &&
          (filter.source ? one.source === filter.source : !isChild(one)) &&
          (!filter.status || one.status.toUpperCase() === filter.status),
      );
      return connection(kept.toReversed(), filter, (one) => pipelineNode(one, context));
    },
    jobs: (filter: Paging & { statuses?: readonly string[] | null }) => {
      const kept = [...jobs.values()].filter(
        ({ status }) => !filter.statuses || filter.statuses.includes(status.toUpperCase()),
      );
      return connection(kept.toReversed(), filter, (run) => jobNode(run, context));
    },
    job: ({ id }: { id: string }) => {
      const found = jobs.get(Number(/\d+$/.exec(id)?.[0]));
      return found ? jobNode(found, context) : null;
    },
    runners: (filter: RunnerFilter) => runnerList(filter, context),
    ciVariables: (paging: Paging) =>
      context.token.access < 40
        ? null
        : connection(world.projectVariables, paging, ({ type, scope, hidden, value, ...variable }) => ({
            ...variable,
            id: `gid://gitlab/Ci::Variable/${variable.key}`,
            hidden,
            value: hidden ? null : value,
            environmentScope: scope,
            variableType: type.toUpperCase(),
          })),
    repository: { rootRef: project.defaultBranch, exists: true, empty: false },
    group: () => {
      const group = groups.find(({ id }) => id === project.namespace);
      return group ? groupNode(group, context) : null;
    },
  };
}

export function groupNode({ id, name, path }: Group, context: GraphContext): Record<string, unknown> {
  return {
    id: `gid://gitlab/Group/${id}`,
    name,
    path: path.slice(path.lastIndexOf('/') + 1),
    fullPath: path,
    webUrl: `${context.server}/groups/${path}`,
    runners: (filter: RunnerFilter) => runnerList(filter, context),
    projects: (paging: Paging & { includeSubgroups?: boolean | null }) => {
      const found = id === project.namespace || paging.includeSubgroups ? [project] : [];
      return connection(found, paging, () => projectNode(context));
    },
  };
}
