import { afterAll, beforeAll, expect, test } from 'vitest';
import { showSpeed } from '../../source/cli/speed.ts';
import { Secret } from '../../source/core/secret.ts';
import type { SpeedReport } from '../../source/core/speed/model.ts';
import { readSpeed } from '../../source/monitor/speed.ts';
import { connectGitLab } from '../../source/services/gitlab/connect.ts';
import { empty } from '../frames/snapshots.ts';
import { fakeWorkspace } from '../frames/world.ts';
import { type Client, huskycat, openGitLab } from '../sandbox/gitlab/server.ts';
import { httpWorld } from '../services/http/world.ts';

const hour = 3_600;
let world: Client;
beforeAll(async () => {
  world = await openGitLab();
});
afterAll(() => world.server.stop());

/** The report of the world as it is now, by the world's clock. */
function read(): Promise<SpeedReport> {
  const http = httpWorld();
  const service = connectGitLab({
    server: world.server.url,
    projectPath: 'tinyland/ai/huskycat',
    token: new Secret(world.server.tokens.api),
    transport: http.transport,
    redact: http.redact,
    hide: http.hide,
    now: world.clock.now,
  });
  const prices = { gigabyte: 0.1 };
  const workspace = { ...fakeWorkspace({ now: world.clock.now }), gitlab: { service }, prices };
  return readSpeed(workspace, empty, { days: 30 });
}

/** Puts a file on main, as a merge does, and lets its pipeline end. */
async function commit(path: string, message: string, change: (text: string) => string): Promise<void> {
  const file = await world.get(`projects/${huskycat}/repository/files/${encodeURIComponent(path)}?ref=main`);
  const before = Buffer.from(String(file.json.content), 'base64').toString('utf8');
  const actions = [{ action: 'update', file_path: path, content: change(before) }];
  const body = { branch: 'main', commit_message: message, actions };
  const reply = await world.call('POST', `projects/${huskycat}/repository/commits`, body);
  expect(reply.status).toBe(201);
  await pass(2);
}

/** Hours pass, in steps in which the world is asked, as somebody who watches does. */
async function pass(hours: number): Promise<void> {
  for (let step = 0; step < hours * 4; step += 1) {
    world.clock.move(hour / 4);
    await world.get(`projects/${huskycat}/pipelines?per_page=1`);
  }
}

const cached = [
  'docker buildx build --push --file ContainerFile --tag "$CONTAINER_REGISTRY:$CONTAINER_TAG-amd64"',
  '--cache-from type=registry,ref=$CI_REGISTRY_IMAGE/cache:main',
  '--cache-to type=registry,ref=$CI_REGISTRY_IMAGE/cache:main,mode=max .',
].join(' ');

test('a layer cache that is merged in the sandbox is seen, measured, and told from chance', async () => {
  const before = await read();
  expect(before.changes).toEqual([]);
  expect(before.cost.find(({ id }) => id === 'registry-cache')).toMatchObject({ value: null });
  await commit('.gitlab-ci.yml', 'Cache the layers of the image\n', (text) =>
    text
      .replace(/docker build --pull .*/, cached)
      .replace(/ {4}- docker push "\$CONTAINER_REG.*-amd64"\n/, ''),
  );
  for (let turn = 0; turn < 6; turn += 1)
    await commit('CHANGELOG.md', `Note ${turn}\n`, (text) => `${text}- note ${turn}\n`);
  const after = await read();
  const change = after.changes.find(({ source }) => source === 'commit');
  expect(change?.title).toBe('Cache the layers of the image (.gitlab-ci.yml)');
  const image = change?.effects.find(({ row }) => row === 'container-rebuild');
  expect(image).toMatchObject({ verdict: 'faster' });
  expect(image?.p).toBeLessThan(0.05);
  expect(image?.ratio).toBeGreaterThan(5);
  const row = after.rows.find(({ id }) => id === 'container-rebuild');
  expect(row?.baseline.measured?.median).toBeGreaterThan(1_500);
  expect(row?.measured?.median).toBeLessThan(300);
  expect(row?.ratio).toBeGreaterThan(5);
  // The first build with an empty cache is one of those after the change, and still counted.
  const since = row?.runs.filter(({ at }) => at >= Date.parse(change?.at ?? '')) ?? [];
  expect(Math.max(...since.map(({ seconds }) => seconds))).toBeGreaterThan(1_400);
  const registry = after.cost.find(({ id }) => id === 'registry-cache');
  expect(registry?.value).toBeGreaterThan(9e8);
  expect(registry?.perMonth).toBeCloseTo((registry?.value ?? 0) / 1e10);
  let text = '';
  showSpeed(after, 'text', { stdout: (part) => (text += part), stderr: () => {} });
  expect(text).toMatch(
    /commit: Cache the layers of the image \(\.gitlab-ci\.yml\)\n(?:.*\n)*? +Container rebuild: faster, /,
  );
});
