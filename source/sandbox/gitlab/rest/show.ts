import { groups, project } from '../model/places.ts';
import type { User } from '../model/runs.ts';
import type { Context } from './context.ts';

/** A time as GitLab writes it. */
export function time(at: number): string;
export function time(at: number | undefined): string | null;
export function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/** Only the date. */
export function date(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `API_Entities_UserBasic`. */
export function showUser({ id, username, name }: User, { server }: Pick<Context, 'server'>) {
  return {
    id,
    username,
    public_email: '',
    name,
    state: 'active',
    locked: false,
    avatar_url: null,
    web_url: `${server}/${username}`,
  };
}

/** The project's page. */
export function projectUrl({ server }: Pick<Context, 'server'>): string {
  return `${server}/${project.path}`;
}

const created = '2025-03-11T09:14:52.310Z';

/** `API_Entities_Project`, as far as it says something here. */
export function showProject(context: Context) {
  const { server, token, now, world } = context;
  const url = projectUrl(context);
  const group = groups.find(({ id }) => id === project.namespace);
  const access = token.access === 0 ? null : { access_level: token.access, notification_level: 3 };
  return {
    id: project.id,
    description: "Validates a repository's code and configuration",
    name: project.name,
    name_with_namespace: 'tinyland / ai / huskycat',
    path: project.name,
    path_with_namespace: project.path,
    created_at: created,
    default_branch: project.defaultBranch,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(server).hostname}:${project.path}.git`,
    http_url_to_repo: `${url}.git`,
    web_url: url,
    readme_url: `${url}/-/blob/main/README.md`,
    avatar_url: null,
    forks_count: 0,
    star_count: 3,
    last_activity_at: time(world.engine.pipelines.at(-1)?.updatedAt ?? now),
    namespace: {
      id: project.namespace,
      name: group?.name ?? '',
      path: 'ai',
      kind: 'group',
      full_path: group?.path ?? '',
      parent_id: group?.parent ?? null,
      avatar_url: null,
      web_url: `${server}/groups/${group?.path ?? ''}`,
    },
    container_registry_image_prefix: `${registryHost}/${project.path}`,
    empty_repo: false,
    archived: false,
    visibility: 'private',
    container_registry_enabled: true,
    container_registry_access_level: 'enabled',
    jobs_enabled: true,
    builds_access_level: 'enabled',
    shared_runners_enabled: true,
    group_runners_enabled: true,
    lfs_enabled: true,
    merge_requests_enabled: true,
    issues_enabled: true,
    ci_config_path: null,
    ci_default_git_depth: 20,
    ci_separated_caches: true,
    ci_job_token_scope_enabled: false,
    ci_pipeline_variables_minimum_override_role: world.variablesRole,
    keep_latest_artifact: true,
    build_timeout: 3600,
    auto_cancel_pending_pipelines: 'enabled',
    only_allow_merge_if_pipeline_succeeds: false,
    merge_method: 'merge',
    squash_option: 'default_off',
    open_issues_count: 0,
    creator_id: 10221,
    permissions: { project_access: null, group_access: access },
  };
}

/** Where images are, as GitLab names it. */
export const registryHost = 'registry.gitlab.com';

/** `API_Entities_Group`. */
export function showGroup(group: (typeof groups)[number], { server }: Context) {
  return {
    id: group.id,
    web_url: `${server}/groups/${group.path}`,
    name: group.name,
    path: group.path.slice(group.path.lastIndexOf('/') + 1),
    description: '',
    visibility: 'private',
    full_name: group.path.replaceAll('/', ' / '),
    full_path: group.path,
    parent_id: group.parent,
    avatar_url: null,
    created_at: created,
    archived: false,
  };
}
