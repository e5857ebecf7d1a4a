import { expect, test } from 'vitest';
import type { PipelineJob, PipelineSummary } from '../../../source/core/gitlab/model.ts';
import { copiedFrom } from '../../../source/tasks/atticPublicKey/ciLog.ts';
import { scriptedGitLab } from '../../monitor/workspace.ts';

const url = 'https://nix-cache.example/main';
const path = `/nix/store/${'0'.repeat(32)}-huskycat-2.0`;

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function gitlab(log: string, job: Partial<PipelineJob> = {}) {
  const one = { id: 7, name: 'nix:build', status: 'success', finishedAt: '2026-01-01T00:00:00Z', ...job };
  return {
    service: scriptedGitLab({
      pipelines: async () => [{ id: 5, ref: 'main' } as PipelineSummary],
      jobs: async () => [one as PipelineJob],
      trace: async () => pieces(log, 7),
    }),
  };
}

test('a log that copied a path from the cache is evidence, in whatever pieces it comes', async () => {
  const log = `building\ncopying path '${path}' from '${url}'...\ndone\n`;
  expect(await copiedFrom(gitlab(log), url)).toEqual({
    at: '2026-01-01T00:00:00Z',
    source: 'log of nix:build in pipeline 5 on main',
    saw: `copied ${path} from ${url}`,
  });
});

test.each([
  ['another cache', `copying path '${path}' from 'https://cache.nixos.org'...\n`, {}],
  ['the other way', `copying path '${path}' to '${url}'...\n`, {}],
  ['a job that failed', `copying path '${path}' from '${url}'...\n`, { status: 'failed' as const }],
  ['a job without nix', `copying path '${path}' from '${url}'...\n`, { name: 'test' }],
])('%s is none', async (_title, log, job) => {
  expect(await copiedFrom(gitlab(log, job), url)).toBeUndefined();
});

test('a GitLab that does not answer, or none, is no evidence and no failure', async () => {
  expect(await copiedFrom({ service: scriptedGitLab({}) }, url)).toBeUndefined();
  expect(await copiedFrom({ off: 'no project' }, url)).toBeUndefined();
});
