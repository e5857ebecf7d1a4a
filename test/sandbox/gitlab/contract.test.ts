import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { children, parent, partsOf, pushed, until } from './bridgeWorld.ts';
import { type Client, huskycat, openGitLab, rows } from './server.ts';

const data = process.env.HUSKYCAT_TEST_DATA;

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Description {
  readonly paths: Record<string, Record<string, { responses: Record<string, { schema?: Schema }> }>>;
  readonly definitions: Record<string, Schema>;
}

/** What GitLab answers, though its description does not say so (18.6). */
const undocumented = new Set([
  'API_Entities_Ci_PipelineBasic.name',
  'API_Entities_Ci_Pipeline.name',
  'API_Entities_Ci_Pipeline.archived',
  'API_Entities_Ci_PipelineWithMetadata.archived',
  'DetailedStatusEntity.favicon',
]);

describe.skipIf(!data)("GitLab's description of its answers (HUSKYCAT_TEST_DATA)", () => {
  let gitlab: Client;
  let description: Description;
  beforeAll(async () => {
    description = parse(readFileSync(join(data ?? '', 'gitlab-openapi.yaml'), 'utf8'), { logLevel: 'error' });
    gitlab = await openGitLab();
  });
  afterAll(() => gitlab?.server.stop());

  function* problems(value: unknown, schema: Schema, at: string, name = ''): Iterable<string> {
    if (schema.$ref) {
      const named = schema.$ref.slice('#/definitions/'.length);
      yield* problems(value, description.definitions[named] ?? {}, at, named);
    } else if (value === null || value === undefined || schema.type === undefined) return;
    // `string` without an example is what the generator writes where it does not know.
    else if (schema.type === 'string' && schema.example === undefined && schema.format === undefined) return;
    else if (Array.isArray(value)) {
      // Several lists are described by what is in them.
      const inside = schema.type === 'array' ? (schema.items ?? {}) : schema;
      const isExample = schema.type === 'string' && /parent_ids|labels|topics/.test(at);
      if (schema.type !== 'array' && schema.type !== 'object' && !isExample) yield `${at}: a list`;
      for (const [index, item] of value.entries()) yield* problems(item, inside, `${at}[${index}]`, name);
    } else if (typeof value === 'object') {
      if (schema.type !== 'object') yield `${at}: an object, not ${schema.type}`;
      for (const [key, item] of Object.entries(value)) {
        const inside = schema.properties?.[key];
        if (inside) yield* problems(item, inside, `${at}.${key}`);
        else if (schema.properties && name && !undocumented.has(`${name}.${key}`))
          yield `${at}.${key}: not in ${name}`;
      }
    } else yield* scalarProblems(value, schema, at);
  }

  function* scalarProblems(value: unknown, schema: Schema, at: string): Iterable<string> {
    const type = schema.type === 'number' || schema.type === 'integer' ? 'number' : schema.type;
    const fits = [type, typeof schema.example].includes(typeof value);
    if (!fits) yield `${at}: ${JSON.stringify(value)}, not ${schema.type}`;
    if (schema.type === 'integer' && !Number.isInteger(value) && type === 'number') yield `${at}: ${value}`;
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(String(value)))) yield `${at}: ${value}`;
  }

  /** Checks an answer; gives how many properties of the description's first object it has. */
  async function check(method: string, template: string, body?: unknown): Promise<void> {
    const route = template.split('?')[0]?.replace(/=[^}]*\}/g, '}');
    const operation = description.paths[`/api/v4${route}`]?.[method];
    expect(operation, `${method} ${template}`).toBeDefined();
    const path = template.replace(/\{\w+=([^}]*)\}/g, (_, value: string) => value).replace(/^\//, '');
    const reply = await gitlab.call(method.toUpperCase(), path, body);
    const created = method === 'post' && !/(?:play|retry|cancel|lint)$/.test(route ?? '');
    expect([reply.status, reply.text.slice(0, 200)]).toEqual([
      created ? 201 : expect.toBeOneOf([200, 201]),
      expect.anything(),
    ]);
    const responses = operation?.responses ?? {};
    const { schema } = responses['200']?.schema ? responses['200'] : (responses['201'] ?? {});
    expect([...problems(reply.json, schema ?? {}, template)]).toEqual([]);
  }

  const at = `{id=${huskycat}}`;
  test.each([
    ['/metadata'],
    ['/version'],
    ['/personal_access_tokens/self'],
    [`/projects/${at}`],
    ['/groups/{id=tinyland}'],
    ['/groups/{id=tinyland}/variables'],
    ['/groups/{id=tinyland}/variables/{key=APPLE_ID}'],
    ['/groups/{id=tinyland}/runners'],
    [`/projects/${at}/variables`],
    [`/projects/${at}/pipelines`],
    [`/projects/${at}/pipelines/latest`],
    [`/projects/${at}/jobs`],
    [`/projects/${at}/runners`],
    ['/runners/{id=45110208}'],
    ['/runners/{id=46120331}'],
    [`/projects/${at}/protected_branches`],
    [`/projects/${at}/protected_branches/{name=main}`],
    [`/projects/${at}/protected_tags`],
    [`/projects/${at}/repository/branches`],
    [`/projects/${at}/repository/branches/{branch=main}`],
    [`/projects/${at}/repository/tags`],
    [`/projects/${at}/repository/tree`],
    [`/projects/${at}/repository/commits`],
    [`/projects/${at}/repository/commits/{sha=main}`],
    [`/projects/${at}/repository/compare?from=v2.0.0-beta.1&to=main`],
    [`/projects/${at}/repository/merge_base?refs[]=v2.0.0-beta.1&refs[]=main`],
    [`/projects/${at}/registry/repositories`],
    [`/projects/${at}/merge_requests`],
    [`/projects/${at}/merge_requests/{merge_request_iid=1}`],
    [`/projects/${at}/ci/lint`],
    ['/groups/{id=tinyland}/registry/repositories'],
    [`/projects/${at}/repository/files/{file_path=.bazelrc}?ref=main`],
    [`/projects/${at}/repository/tags/{tag_name=v2.0.0-beta.1}`],
    [`/projects/${at}/merge_requests/{merge_request_iid=1}/pipelines`],
  ])('GET %s', (template) => check('get', template));

  test('images and their tags', async () => {
    const [image] = rows(await gitlab.get(`projects/${huskycat}/registry/repositories`));
    const tags = `/projects/${at}/registry/repositories/{repository_id=${image?.id}}/tags`;
    await check('get', tags);
    await check('get', `${tags}/{tag_name=latest}`);
  });

  test.each([
    [`/projects/${at}/variables`, { key: 'MADE', value: 'abcdefgh1', masked: true }],
    [`/projects/${at}/variables`, { key: 'HIDDEN', value: 'abcdefgh1', masked_and_hidden: true }],
    ['/groups/{id=tinyland}/variables', { key: 'MADE', value: 'one', protected: true }],
    [`/projects/${at}/protected_branches`, { name: 'release/*' }],
    [`/projects/${at}/protected_tags`, { name: 'v*' }],
    [`/projects/${at}/repository/branches`, { branch: 'made', ref: 'main' }],
    [`/projects/${at}/repository/tags`, { tag_name: 'made', ref: 'main' }],
    [`/projects/${at}/ci/lint`, { content: 'a:\n  script: echo\n', dry_run: true, include_jobs: true }],
  ])('POST %s %j', (template, body) => check('post', template, body));

  test('a change from its commit to its merge', async () => {
    const actions = [{ action: 'create', file_path: 'made.txt', content: 'made\n' }];
    await check('post', `/projects/${at}/repository/commits`, {
      branch: 'a-change',
      start_branch: 'main',
      commit_message: 'Make a file',
      actions,
    });
    const proposal = { source_branch: 'a-change', target_branch: 'main', title: 'Make a file' };
    await check('post', `/projects/${at}/merge_requests`, proposal);
    const [opened] = rows(await gitlab.get(`projects/${huskycat}/merge_requests?source_branch=a-change`));
    const one = `/projects/${at}/merge_requests/{merge_request_iid=${opened?.iid}}`;
    await check('put', one, { description: 'It is made.' });
    await check('post', `${one}/pipelines`, {});
    await check('put', `${one}/merge`, { sha: opened?.sha });
    await check('get', one);
  });

  test('variables that change', async () => {
    await gitlab.call('POST', 'groups/tinyland/variables', { key: 'CHANGED', value: 'one' });
    await check('put', '/groups/{id=tinyland}/variables/{key=CHANGED}', { value: 'two' });
    await gitlab.call('POST', `projects/${huskycat}/variables`, { key: 'CHANGED', value: 'one' });
    await check('put', `/projects/${at}/variables/{key=CHANGED}`, { value: 'two' });
  });

  test('pipelines and jobs that are stopped and begun again', async () => {
    const { json: made } = await gitlab.call('POST', `projects/${huskycat}/pipeline`, { ref: 'main' });
    const pipeline = `/projects/${at}/pipelines/{pipeline_id=${made.id}}`;
    const [job] = rows(await gitlab.get(`projects/${huskycat}/pipelines/${made.id}/jobs?scope[]=pending`));
    await check('post', `/projects/${at}/jobs/{job_id=${job?.id}}/cancel`);
    await check('post', `${pipeline}/cancel`);
    await check('post', `${pipeline}/retry`);
    const [manual] = rows(await gitlab.get(`projects/${huskycat}/jobs?scope[]=manual`));
    const variables = { job_variables_attributes: [{ key: 'LEVEL', value: '2' }] };
    // The description has it without runner and artifacts; GitLab's documentation shows them.
    const played = await gitlab.call('POST', `projects/${huskycat}/jobs/${manual?.id}/play`, variables);
    expect([played.status, played.json.status]).toEqual([200, expect.toBeOneOf(['pending', 'running'])]);
    await check('get', `/projects/${at}/jobs/{job_id=${manual?.id}}`);
  });

  test('bridges, with and without a pipeline that they started', async () => {
    const configuration = `${parent}\nbroken: {stage: downstream, trigger: tinyland/elsewhere}\n`;
    const id = await pushed(gitlab, 'bridges', configuration, children);
    const bridges = `/projects/${at}/pipelines/{pipeline_id=${id}}/bridges`;
    await check('get', bridges);
    await until(gitlab, async () => {
      const { broken, docs } = await partsOf(gitlab, id);
      return String(broken?.status) === 'failed' && String(docs?.status) === 'success';
    });
    await check('get', bridges);
  });

  test('single pipelines and jobs', async () => {
    const [failed] = rows(await gitlab.get(`projects/${huskycat}/pipelines?status=failed`));
    const id = failed?.id;
    const [job] = rows(await gitlab.get(`projects/${huskycat}/pipelines/${id}/jobs?scope[]=failed`));
    await check('get', `/projects/${at}/pipelines/{pipeline_id=${id}}`);
    await check('get', `/projects/${at}/pipelines/{pipeline_id=${id}}/jobs`);
    await check('get', `/projects/${at}/pipelines/{pipeline_id=${id}}/bridges`);
    await check('get', `/projects/${at}/pipelines/{pipeline_id=${id}}/variables`);
    await check('get', `/projects/${at}/jobs/{job_id=${job?.id}}`);
    await check('post', `/projects/${at}/jobs/{job_id=${job?.id}}/retry`);
    await check('post', `/projects/${at}/pipeline`, { ref: 'main' });
  });
});
