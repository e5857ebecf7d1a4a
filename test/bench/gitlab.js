import { createServer } from 'node:http';

const project = 'bench/huskycat';
const sha = 'f'.repeat(40);

/**
 * A GitLab in which nothing happens: one project with one finished pipeline of `jobs` jobs in ten stages, eight needs for every
 * second job, and a log of `logBytes` bytes for each. Counts the requests.
 */
export async function startQuietGitLab({ jobs = 24, logBytes = 100_000 } = {}) {
  const started = Date.now() - 3_600_000;
  const iso = (seconds) => new Date(started + seconds * 1_000).toISOString();
  let origin = '';
  const pipeline = () => ({
    id: 1,
    iid: 1,
    status: 'success',
    ref: 'main',
    sha,
    source: 'push',
    created_at: iso(0),
    updated_at: iso(3_000),
    started_at: iso(1),
    finished_at: iso(3_000),
    duration: 2_999,
    web_url: `${origin}/${project}/-/pipelines/1`,
  });
  const builds = Array.from({ length: jobs }, (_, index) => {
    const stage = Math.floor((index * 10) / jobs);
    const from = stage * 300 + (index % 60);
    return {
      id: index + 1,
      name: `job-${stage}-${index}`,
      stage: `stage-${stage}`,
      status: index % 97 === 96 ? 'failed' : 'success',
      allow_failure: index % 97 === 96,
      created_at: iso(0),
      started_at: iso(from),
      finished_at: iso(from + 60 + (index % 200)),
      duration: 60 + (index % 200),
      queued_duration: index % 20,
      web_url: `http://127.0.0.1/${project}/-/jobs/${index + 1}`,
      tag_list: ['linux'],
      runner: { id: 1, description: 'honey' },
      artifacts: [],
    };
  });
  const needsOf = (index) =>
    index % 2 === 0 || index < 10
      ? []
      : [...new Set(Array.from({ length: 8 }, (_, pick) => (index * 7_919 + pick * 104_729) % index))];
  const nodes = builds.map(({ id, name }, index) => ({
    id: `gid://gitlab/Ci::Build/${id}`,
    name,
    schedulingType: needsOf(index).length > 0 ? 'dag' : 'stage',
    needs: { nodes: needsOf(index).map((need) => ({ name: builds[need].name })) },
  }));
  const logLine = '\u001B[32m[1/2]\u001B[0m compiling //source/package/module:target with a few more words\n';
  const log = Buffer.alloc(logBytes, logLine);

  const rest = {
    '': () => ({
      id: 1,
      path_with_namespace: project,
      default_branch: 'main',
      web_url: `${origin}/${project}`,
      visibility: 'private',
      archived: false,
      namespace: { id: 1, full_path: 'bench', kind: 'group' },
      permissions: { project_access: { access_level: 40 }, group_access: null },
    }),
    '/variables': () => [],
    '/protected_branches': () => [{ id: 1, name: 'main' }],
    '/protected_tags': () => [],
    '/pipelines': () => [pipeline()],
    '/pipelines/1': pipeline,
    '/pipelines/1/jobs': () => builds,
    '/pipelines/1/bridges': () => [],
    '/jobs/1': () => builds[0],
  };
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    const url = new URL(request.url, origin);
    const send = (body, status = 200, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const path = decodeURIComponent(url.pathname).replace('/api/v4/', '');
    if (path === '/api/graphql') return send({ data: { project: await graphql(request, nodes) } });
    if (path === 'personal_access_tokens/self')
      return send({ id: 1, name: 'bench', scopes: ['read_api'], active: true, revoked: false });
    if (path === 'user') return send({ id: 1, username: 'bench' });
    if (path === 'groups/bench/variables') return send([]);
    const route = path.replace(/^projects\/(?:1|bench\/huskycat)(?=\/|$)/, '');
    if (route.endsWith('/trace')) return response.writeHead(200, { 'content-type': 'text/plain' }).end(log);
    const answer = route === path ? undefined : rest[route]?.();
    if (answer === undefined) return send({ message: '404 Not Found' }, 404);
    if (!Array.isArray(answer)) return send(answer);
    const size = Number(url.searchParams.get('per_page') ?? 20);
    const page = Number(url.searchParams.get('page') ?? 1);
    const next = page * size < answer.length ? { 'x-next-page': String(page + 1) } : {};
    return send(answer.slice((page - 1) * size, page * size), 200, next);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
  return {
    url: origin,
    project,
    requests: () => requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The two questions of the program: the runners, and what the jobs of a pipeline need. */
async function graphql(request, nodes) {
  let body = '';
  for await (const piece of request) body += piece;
  const { query, variables } = JSON.parse(body);
  if (query.includes('runners(')) return { runners: { pageInfo: { hasNextPage: false }, nodes: [] } };
  const from = Number(variables.after ?? 0);
  const stages = Array.from({ length: 10 }, (_, index) => ({ name: `stage-${index}` }));
  return {
    pipeline: {
      usesNeeds: true,
      stages: { nodes: stages },
      jobs: {
        pageInfo: { hasNextPage: from + 100 < nodes.length, endCursor: String(from + 100) },
        nodes: nodes.slice(from, from + 100),
      },
    },
  };
}
