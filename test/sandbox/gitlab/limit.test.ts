import { afterEach, expect, test } from 'vitest';
import { Secret } from '../../../source/core/secret.ts';
import { connectGitLab } from '../../../source/services/gitlab/connect.ts';
import { httpWorld } from '../../services/http/world.ts';
import { type Client, openGitLab } from './server.ts';

let gitlab: Client | undefined;
afterEach(() => gitlab?.server.stop());

test('one request too many is refused as GitLab refuses it, until the minute is over', async () => {
  gitlab = await openGitLab({ requestsPerMinute: 3 });
  gitlab.clock.move(15);
  for (const left of ['2', '1', '0']) {
    const { status, headers } = await gitlab.get('version');
    expect([status, headers.get('ratelimit-remaining')]).toEqual([200, left]);
  }
  const refused = await gitlab.get('version');
  expect([refused.status, refused.text]).toEqual([429, 'Retry later\n']);
  expect(refused.headers.get('content-type')).toMatch('text/plain');
  const { headers } = refused;
  expect(Number(headers.get('retry-after'))).toBe(45);
  const reset = Number(headers.get('ratelimit-reset')) - Date.parse(headers.get('date') ?? '') / 1000;
  expect([reset, headers.get('ratelimit-observed')]).toEqual([45, '4']);
  gitlab.clock.move(45);
  expect((await gitlab.get('version')).status).toBe(200);
});

test('the program says how long to wait, and shows what is left', async () => {
  gitlab = await openGitLab({ requestsPerMinute: 2 });
  const { transport, redact, hide } = httpWorld();
  const { url, tokens, project } = gitlab.server;
  const service = connectGitLab({
    server: url,
    projectPath: project,
    token: new Secret(tokens.api),
    transport,
    redact,
    hide,
    now: Date.now,
  });
  await service.project();
  expect(service.rateLimit()).toMatchObject({ limit: 2, remaining: 1 });
  await service.project();
  await expect(service.project()).rejects.toMatchObject({
    code: 'rate-limited',
    status: 429,
    retryAfter: 60_000,
    next: ['Wait 60 s.'],
  });
});
