import { onTestFinished } from 'vitest';
import { Secret } from '../../../source/core/secret.ts';
import { connectGitLab } from '../../../source/services/gitlab/connect.ts';
import type { GitLab } from '../../../source/services/gitlab/types.ts';
import { type Asked, type Reply, type ScriptedServer, serve } from '../http/server.ts';
import { type HttpWorld, httpWorld } from '../http/world.ts';

export const token = 'glpat-THIS-IS-THE-SECRET-0123';
const path = 'tinyland/ai/huskycat';
const project = `/api/v4/projects/${encodeURIComponent(path)}`;

export const projectRow = {
  id: 7,
  path_with_namespace: path,
  default_branch: 'main',
  web_url: 'https://gitlab.example/tinyland/ai/huskycat',
  visibility: 'private',
  archived: false,
  ci_config_path: null,
  permissions: { project_access: { access_level: 30 }, group_access: { access_level: 40 } },
  namespace: { id: 3, kind: 'group', full_path: 'tinyland/ai' },
};

/** Answers by method and path without query; a list is gone through in turn, and its last one stays. */
export type Routes = Readonly<Record<string, Reply | readonly Reply[] | ((asked: Asked) => Reply)>>;

export interface GitLabWorld extends HttpWorld {
  readonly gitlab: GitLab;
  readonly server: ScriptedServer;
  /** `GET /api/v4/…` of each request, without the look-up of the project. */
  readonly asked: () => string[];
  readonly close: () => Promise<void>;
}

export async function gitlabWorld(
  routes: Routes,
  options: Partial<Parameters<typeof connectGitLab>[0]> & { readonly subPath?: string } = {},
): Promise<GitLabWorld> {
  const turns = new Map<string, number>();
  const subPath = options.subPath ?? '';
  const server = await serve((asked) => {
    const key = `${asked.method} ${asked.path.split('?')[0]?.slice(subPath.length)}`;
    const script = routes[key] ?? (key === `GET ${project}` ? { body: projectRow } : undefined);
    if (!script) return { status: 404, body: { error: '404 Not Found' } };
    if (typeof script === 'function') return script(asked);
    if (!isList(script)) return script;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return script[Math.min(turn, script.length - 1)] ?? { status: 500 };
  });
  const http = httpWorld();
  http.hide(token);
  const gitlab = connectGitLab({
    server: server.url + subPath,
    projectPath: path,
    token: new Secret(token),
    transport: http.transport,
    redact: http.redact,
    hide: http.hide,
    now: Date.now,
    random: () => 0,
    ...options,
  });
  return {
    ...http,
    gitlab,
    server,
    asked: () =>
      server.asked.map(({ method, path: at }) => `${method} ${at}`).filter((one) => one !== `GET ${project}`),
    close: server.close,
  };
}

function isList(script: Reply | readonly Reply[]): script is readonly Reply[] {
  return Array.isArray(script);
}

export const api = '/api/v4/projects/7';

export function pipelineRow(id: number, more: object = {}) {
  return {
    id,
    iid: id - 100,
    project_id: 7,
    sha: 'a'.repeat(40),
    ref: 'main',
    status: 'running',
    source: 'push',
    created_at: '2026-11-24T12:00:00.000+02:00',
    updated_at: '2026-11-24T12:01:00.000Z',
    web_url: `https://gitlab.example/-/pipelines/${id}`,
    name: null,
    ...more,
  };
}

export function jobRow(id: number, name: string, more: object = {}) {
  return {
    id,
    name,
    stage: 'test',
    status: 'success',
    ref: 'main',
    tag: false,
    allow_failure: false,
    created_at: '2026-11-24T10:00:00.000Z',
    started_at: '2026-11-24T10:00:10.000Z',
    finished_at: '2026-11-24T10:01:00.500Z',
    duration: 50.5,
    queued_duration: 1.25,
    web_url: `https://gitlab.example/-/jobs/${id}`,
    tag_list: ['docker'],
    runner: { id: 4, description: 'honey', active: true },
    artifacts: [{ file_type: 'trace', size: 12, filename: 'job.log', file_format: null }],
    artifacts_expire_at: null,
    ...more,
  };
}

/** As `gitlabWorld`, closed at the end of the test. */
export async function connected(
  routes: Routes,
  options?: Parameters<typeof gitlabWorld>[1],
): Promise<GitLabWorld> {
  const world = await gitlabWorld(routes, options);
  onTestFinished(() => world.close());
  return world;
}

/** The query of a request. */
export function queryOf({ path }: Asked): URLSearchParams {
  return new URL(path, 'http://x').searchParams;
}
