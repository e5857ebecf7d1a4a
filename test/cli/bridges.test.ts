import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphFormat, showGraph } from '../../source/cli/graph.ts';
import { showPipeline } from '../../source/cli/pipeline.ts';
import { Secret } from '../../source/core/secret.ts';
import { connectGitLab } from '../../source/services/gitlab/connect.ts';
import { children, parent, partsOf, pushed, until } from '../sandbox/gitlab/bridgeWorld.ts';
import { type Client, openGitLab } from '../sandbox/gitlab/server.ts';
import { openRepository } from '../services/git/repository.ts';
import { httpWorld } from '../services/http/world.ts';
import { recorder } from './ciWorld.ts';

describe('ci graph', () => {
  const more = `${parent}
outside: {stage: deploy, trigger: {project: tinyland/other, branch: stable}}
made: {stage: deploy, trigger: {include: [{artifact: made.yml, job: make}]}}
broken: {stage: deploy, trigger: {include: nowhere.yml}}
`;
  async function graph(format: GraphFormat): Promise<string> {
    const { root } = openRepository({ '.gitlab-ci.yml': more, ...children });
    const { io, out } = recorder();
    const question = {
      dir: root,
      event: 'push',
      variables: [],
      json: false,
      now: '2026-01-01T00:00:00.000Z',
    };
    expect(await showGraph(question, format, io)).toBe(0);
    return out.join('');
  }

  test('draws what a bridge starts within it', async () => {
    expect(await graph('text')).toBe(`build
  make
downstream
  checks ← all of the stages before → child pipeline
    one
      unit
    two
      system ← all of the stages before
  docs → child pipeline
    test
      pages
deploy
  deploy ← all of the stages before
  outside ← all of the stages before → tinyland/other, branch stable
  made ← all of the stages before → child pipeline, of a configuration that a job makes
  broken ← all of the stages before → child pipeline
    error: Local file \`nowhere.yml\` does not exist!
`);
  });

  test('gives programs the jobs of children, and what else is started', async () => {
    const { jobs } = JSON.parse(await graph('json'));
    const started = new Map(jobs.map((job: { name: string; started?: object }) => [job.name, job.started]));
    expect(started.get('make')).toBeUndefined();
    expect(started.get('checks')).toMatchObject({
      kind: 'child',
      jobs: [
        { name: 'unit', file: 'ci/checks.yml', line: 3 },
        { name: 'system', needs: null },
      ],
      excluded: [{ name: 'never' }],
      stages: ['one', 'two'],
    });
    expect(started.get('outside')).toEqual({ kind: 'project', path: 'tinyland/other', branch: 'stable' });
    expect(started.get('made')).toEqual({ kind: 'dynamic' });
    expect(started.get('broken')).toMatchObject({
      kind: 'child',
      jobs: [],
      errors: [expect.stringContaining('nowhere.yml')],
    });
  });

  test.each(['mermaid', 'dot'] as const)('%s has a box for each child, and no node twice', async (format) => {
    const text = await graph(format);
    const nodes = [...text.matchAll(/^\s*(\w+)(?:\[(?:label|shape|")|\(\(| \[(?:label|shape))/gm)].map(
      ([, id]) => id,
    );
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(nodes).toContain('c0_n0');
    expect(text).toMatch(format === 'dot' ? /n\d -> c0_n0 \[style=bold, lhead=cluster_c0\]/ : /n\d ==> c0\n/);
    expect(text).toContain('tinyland/other, branch stable');
  });
});

describe('pipeline', () => {
  let gitlab: Client;
  beforeAll(async () => {
    gitlab = await openGitLab();
  });
  afterAll(() => gitlab.server.stop());

  async function pipeline(id: number, json: boolean): Promise<string> {
    const { transport, redact, hide } = httpWorld();
    const service = connectGitLab({
      server: gitlab.server.url,
      projectPath: 'tinyland/ai/huskycat',
      token: new Secret(gitlab.server.tokens.readOnly),
      transport,
      redact,
      hide,
      now: Date.now,
    });
    const { io, out } = recorder();
    await showPipeline(service, { id, watch: false, json, now: () => gitlab.clock.now() }, io);
    return out.join('');
  }

  test('shows what bridges started, with the critical path through them', async () => {
    const id = await pushed(gitlab, 'children', parent, children);
    const over = async () =>
      String((await gitlab.get(`projects/${gitlab.id}/pipelines/${id}`)).json.status) === 'success';
    await until(gitlab, over);
    const child = Number((await partsOf(gitlab, id)).checks?.downstream_pipeline?.id);
    const text = await pipeline(id, false);
    expect(text).toMatch(new RegExp(`success +checks .* starts #${child} success`));
    expect(text).toContain(`pipeline #${child} success, started by checks: 2 jobs\n`);
    expect(text).toMatch(
      new RegExp(`checks {2}after make \\(stage\\).*\n {6}in #${child}: unit, then system\n`),
    );
    const answer = JSON.parse(await pipeline(id, true));
    const checks = answer.jobs.find(({ name }: { name: string }) => name === 'checks');
    expect(checks.downstream).toMatchObject({
      id: child,
      status: 'success',
      source: 'parent_pipeline',
      jobs: [{ name: 'unit' }, { name: 'system' }],
      criticalPath: [{ job: 'unit' }, { job: 'system', waitedFor: 'unit' }],
    });
    expect(answer.criticalPath.map(({ job }: { job: string }) => job)).toEqual(['make', 'checks', 'deploy']);
    expect(await pipeline(child, false)).toContain(
      `started by pipeline #${id} of tinyland/ai/huskycat by its bridge checks`,
    );
    expect(JSON.parse(await pipeline(child, true))).toMatchObject({ upstream: { id, bridge: 'checks' } });
  });
});
