import { expect, test } from 'vitest';
import type { Reply } from '../http/server.ts';
import { api, connected } from './world.ts';

test('a file as it is, lint, registry and version', async () => {
  const { gitlab, asked } = await connected({
    [`GET ${api}/repository/files/.gitlab%2Fci%2Fbuild.yml`]: {
      body: {
        content: Buffer.from('a: "ü"\n').toString('base64'),
        encoding: 'base64',
        last_commit_id: 'c0ffee',
      },
    },
    [`GET ${api}/ci/lint`]: {
      body: {
        valid: false,
        errors: ['jobs:a \u001B[1mbad'],
        warnings: [],
        merged_yaml: '---\na:\n  script: x\u001B[2J\n',
        includes: [{ type: 'local', location: '.gitlab/ci/build.yml', blob: 'x', raw: 'x', extra: {} }],
        jobs: [
          { name: 'a', stage: 'test', needs: [{ name: 'b', artifacts: true, optional: false }] },
          { name: 'b', stage: 'build', needs: null },
        ],
      },
    },
    [`GET ${api}/registry/repositories`]: {
      body: [
        {
          id: 1,
          name: 'cache',
          path: 'tinyland/ai/huskycat/cache',
          location: 'registry.example/tinyland/ai/huskycat/cache',
          tags_count: 3,
        },
      ],
    },
    [`GET ${api}/registry/repositories/1/tags`]: { body: [{ name: 'main', path: 'p', location: 'l' }] },
    'GET /api/v4/metadata': { status: 404, body: { error: '404 Not Found' } },
    'GET /api/v4/version': { body: { version: '14.10.5', revision: 'abc' } },
  });
  expect(await gitlab.file('.gitlab/ci/build.yml', 'main')).toEqual({
    text: 'a: "ü"\n',
    lastCommit: 'c0ffee',
  });
  expect(await gitlab.lint({ ref: 'main', dryRun: true })).toEqual({
    valid: false,
    errors: ['jobs:a bad'],
    warnings: [],
    mergedYaml: '---\na:\n  script: x\n',
    includes: [{ type: 'local', location: '.gitlab/ci/build.yml' }],
    jobs: [
      { name: 'a', stage: 'test', needs: ['b'] },
      { name: 'b', stage: 'build' },
    ],
  });
  expect(await gitlab.registry()).toEqual([
    {
      id: 1,
      path: 'tinyland/ai/huskycat/cache',
      location: 'registry.example/tinyland/ai/huskycat/cache',
      tagCount: 3,
    },
  ]);
  expect(await gitlab.registryTags(1)).toEqual(['main']);
  expect(await gitlab.version()).toEqual({ version: '14.10.5' });
  expect(asked()).toContain(
    `GET ${api}/ci/lint?include_jobs=true&dry_run=true&content_ref=main&dry_run_ref=main`,
  );
  expect(asked()).toContain(`GET ${api}/repository/files/.gitlab%2Fci%2Fbuild.yml?ref=main`);
});

test('the rate limit and the clock of the last answer that told', async () => {
  const ahead = new Date(Date.now() + 3_600_000).toUTCString();
  const reset = Math.floor(Date.now() / 1000) + 60;
  const limits = {
    'ratelimit-limit': '2000',
    'ratelimit-remaining': '1990',
    'ratelimit-reset': String(reset),
  };
  const replies: Reply[] = [
    { body: [], headers: { ...limits, date: ahead } },
    { body: [], headers: { date: ahead } },
  ];
  const { gitlab } = await connected({ [`GET ${api}/pipelines`]: replies });
  expect(gitlab.rateLimit()).toBeUndefined();
  expect(gitlab.clockOffset()).toBe(0);
  await gitlab.pipelines({ limit: 1 });
  const offset = gitlab.clockOffset();
  expect(Math.abs(offset - 3_600_000)).toBeLessThan(2_000);
  await gitlab.pipelines({ limit: 1 });
  expect(gitlab.rateLimit()).toEqual({
    limit: 2000,
    remaining: 1990,
    resetsAt: new Date(reset * 1000).toISOString(),
  });
});
