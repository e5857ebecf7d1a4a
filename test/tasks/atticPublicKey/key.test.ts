import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Secret } from '../../../source/core/secret.ts';
import { type AtticServer, startAttic } from '../../../source/sandbox/attic/start.ts';
import { applyPlan } from '../../../source/tasks/engine/apply.ts';
import { runToUndo } from '../../../source/tasks/engine/runs.ts';
import { undoRun } from '../../../source/tasks/engine/undo.ts';
import { finish } from '../engine/world.ts';
import { type AtticWorldOptions, openAtticWorld, regenerate, said } from './world.ts';

let attic: AtticServer;
let empty: AtticServer;
beforeAll(async () => {
  [attic, empty] = await Promise.all([startAttic(), startAttic({ isEmpty: true })]);
});
afterAll(() => Promise.all([attic.stop(), empty.stop()]));

const foreign = 'main:PBDvqG8OP3W2XF4QzuqWwZD/RhLRsE7ONxwM09kqTtw=';
const path = (): string => attic.storePaths.at(-1) ?? '';
const open = (more: Partial<AtticWorldOptions> = {}) => openAtticWorld({ url: attic.url, ...more });

test('from nothing to proven and back: plan, apply, verify, a second plan with nothing to do, undo', async () => {
  const world = open({ token: attic.token });
  const before = [world.read('flake.nix'), world.read('.gitlab/ci/nix.yml')];
  const planned = await world.plan(undefined, { 'store-path': path() });
  if (!('plan' in planned)) throw new Error(planned.refused);
  expect(planned.plan.steps.map(({ id }) => id)).toEqual([
    'same-key',
    'edit-flake-nix',
    'edit-gitlab-ci-nix-yml',
  ]);
  expect(planned.plan).toMatchObject({ option: 'server', task: 'attic-public-key' });
  expect(said(planned, 'signature')).toBe(`fine: ${path()} is signed by it`);
  expect(said(planned, 'push')).toBe('fine: ATTIC_TOKEN may push');
  expect(JSON.stringify(planned)).not.toContain(attic.token);
  expect([world.read('flake.nix'), world.read('.gitlab/ci/nix.yml')]).toEqual(before);

  expect(await world.apply(planned.plan)).toMatchObject({ outcome: 'done' });
  const key = attic.publicKey();
  expect(world.read('flake.nix')).toContain(`      "${key}"\n    ];`);
  expect(world.read('flake.nix')).toContain(
    '"cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="',
  );
  expect(world.read('.gitlab/ci/nix.yml')).toContain(`      extra-trusted-public-keys = ${key}\n`);
  expect(await world.verify()).toMatchObject({ rung: 'reachable' });
  expect((await world.planned('server')).steps).toEqual([]);
  expect(await world.undo()).toMatchObject({ outcome: 'undone' });
  expect([world.read('flake.nix'), world.read('.gitlab/ci/nix.yml')]).toEqual(before);
});

test('the ways are offered in order, with why one is impossible and one recommended', async () => {
  const options = await open().options();
  expect(options.map(({ name, possible }) => `${name} ${possible}`)).toEqual([
    'server true',
    'init-cache true',
    'cli false',
    'paste true',
    'derive false',
  ]);
  expect(options.filter(({ recommended }) => recommended).map(({ name }) => name)).toEqual(['server']);
  expect(options.at(-1)?.because).toContain('Ed25519 key of its own');
  const hidden = await open({ cache: 'private' }).options();
  expect(hidden[0]).toMatchObject({ possible: false, because: expect.stringContaining('ATTIC_TOKEN') });
  expect(hidden.filter(({ recommended }) => recommended).map(({ name }) => name)).toEqual(['paste']);
  await expect(open().plan('derive')).rejects.toMatchObject({ code: 'no-such-option' });
});

test('an empty cache: the key is obtained, unproven, and put in force', async () => {
  const world = open({ url: empty.url });
  const planned = await world.plan();
  expect(said(planned, 'signature')).toContain('warning: obtained, unproven');
  expect(await world.apply(await world.planned())).toMatchObject({ outcome: 'done' });
  const probe = await world.verify();
  expect(probe.rung).toBe('reachable');
  expect(probe.evidence[0]?.saw).toContain('unproven');
});

test('a key made anew between plan and apply stops the run before its first edit', async () => {
  const world = open();
  const before = world.read('flake.nix');
  const plan = await world.planned();
  await regenerate(attic.url, attic.rootToken);
  expect(await world.apply(plan)).toMatchObject({ outcome: 'unchanged', failure: { code: 'stale' } });
  expect(world.read('flake.nix')).toBe(before);
});

test('a key made anew after apply is drift, with this task as its fix', async () => {
  const world = open();
  const old = attic.publicKey();
  await world.apply(await world.planned());
  await regenerate(attic.url, attic.rootToken);
  expect(await world.verify()).toMatchObject({
    rung: 'present',
    findings: expect.arrayContaining([expect.stringContaining('attic-key-differs:flake.nix')]),
  });
  const plan = await world.planned();
  expect(JSON.stringify(plan.steps[1]?.preview)).toContain(old);
  await world.apply(plan);
  expect(world.read('flake.nix')).not.toContain(old);
  expect(world.read('flake.nix')).toContain(attic.publicKey());
  expect((await world.planned()).steps).toEqual([]);
});

test('a file that was changed since the plan is left alone', async () => {
  const world = open();
  const plan = await world.planned();
  world.write('flake.nix', `${world.read('flake.nix')}# mine\n`);
  await expect(world.apply(plan)).rejects.toMatchObject({ code: 'stale' });
});

test('a pasted key is held against the server and a signature, and one that is none is named', async () => {
  const world = open();
  const right = await world.plan('paste', { key: ` ${attic.publicKey()}\n`, 'store-path': path() });
  expect('plan' in right && right.plan.steps).toHaveLength(3);
  const wrong = await world.plan('paste', { key: foreign, 'store-path': path() });
  expect(wrong).toMatchObject({
    refused: expect.stringContaining(`it gives another key: ${attic.publicKey()}`),
  });
  expect(said(wrong, 'signature')).toContain('problem: ');
  const secret = `main:${Buffer.alloc(64, 7).toString('base64')}`;
  const masked = await world.plan('paste', { key: secret });
  expect(masked).toMatchObject({ refused: expect.stringContaining('this is a secret key') });
  expect(JSON.stringify(masked)).not.toContain(secret.slice(5));
  expect(await world.plan('paste')).toMatchObject({ refused: 'no key was given' });
  expect(said(await world.plan('paste', { key: foreign.replace('main', 'other') }), 'name')).toContain(
    'the key’s name is other, the cache’s is main',
  );
});

test('files of a shape that is not known are left, with the lines to write by hand', async () => {
  const flake = `{ nixConfig = { extra-substituters = [ "${attic.url}/main" ]; extra-trusted-public-keys = [ ours ]; }; }`;
  const world = open({ files: { 'flake.nix': flake } });
  expect(await world.plan()).toMatchObject({
    refused: expect.stringContaining('flake.nix'),
    preflight: expect.arrayContaining([
      expect.objectContaining({
        fix: `write by hand: extra-trusted-public-keys = [ "${attic.publicKey()}" ];`,
      }),
    ]),
  });
  const idle = open({
    files: { 'flake.nix': '{ }', '.gitlab/ci/nix.yml': 'job: { script: [nix build] }\n' },
  });
  expect(await idle.plan()).toMatchObject({ refused: expect.stringContaining('would do nothing') });
});

test('documents are named, and changed only when asked', async () => {
  const world = open({ files: { 'README.md': `Our key: \`${foreign}\`.\n` } });
  const planned = await world.plan();
  expect(said(planned, 'document')).toContain('names another key');
  expect('plan' in planned && planned.plan.steps).toHaveLength(3);
  expect((await world.planned('server', { documents: 'yes' })).steps.at(-1)?.id).toBe('edit-README-md');
});

test('init-cache.sh runs with the token in its environment alone; the next plan takes the key it left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'scripts'));
  const script = `test "$1 $2" = "--endpoint ${attic.url}" && test "$ATTIC_TOKEN" = "${attic.token}" || exit 9
echo "using $ATTIC_TOKEN" >&2; echo "Public key: ${attic.publicKey()}"\n`;
  writeFileSync(join(folder, 'scripts/init-cache.sh'), script);
  const world = open();
  expect(await world.plan('init-cache')).toMatchObject({ refused: 'the attic-cache checkout is not known' });
  const plan = await world.planned('init-cache', { path: folder });
  expect(plan.secrets.map(({ name }) => name)).toEqual(['ATTIC_TOKEN']);
  expect(plan.steps.map(({ id }) => id)).toEqual(['init-cache']);
  expect(JSON.stringify(plan)).not.toContain(attic.token);
  const { workspace } = world;
  const secret = () => Promise.resolve(new Secret(attic.token));
  const run = await finish(applyPlan(plan, { workspace, secret }));
  expect(run).toMatchObject({ outcome: 'done' });
  const next = await world.plan('init-cache', { path: folder, 'store-path': path() });
  expect(said(next, 'key')).toContain('public-key.txt');
  expect('plan' in next && next.plan.steps).toHaveLength(3);
  await finish(undoRun(runToUndo({ workspace }, 'attic-public-key'), { workspace, secret }));
  expect(existsSync(join(folder, 'public-key.txt'))).toBe(false);
});

test('kubectl and attic are asked where they are, and only read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = (name: string, body: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return { name, path: file };
  };
  const log = join(folder, 'log');
  const tools = [
    program('kubectl', `echo "$@" > ${log}; exit 1`),
    program('attic', `echo "$@" >> ${log}; printf '           Public Key: ${attic.publicKey()}\\n' >&2`),
  ];
  const world = open({ services: { toolchain: { look: async () => tools } } });
  expect((await world.options())[2]).toMatchObject({ name: 'cli', possible: true });
  const planned = await world.plan('cli', { login: 'tinyland' });
  expect(said(planned, 'key')).toContain('from attic cache info tinyland:main');
  expect(statSync(log).size).toBeGreaterThan(0);
  expect('plan' in planned && planned.plan.steps).toHaveLength(3);
  expect(await world.plan('cli', { program: 'kubectl' })).toMatchObject({
    refused: 'kubectl gives no public-key of the configmap attic-config in nix-cache',
  });
});
