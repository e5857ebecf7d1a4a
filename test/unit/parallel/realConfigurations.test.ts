import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditNeeds } from '../../../source/core/parallel/audit.ts';
import * as template from '../../../source/sandbox/checkout/template.ts';
import { usualDuration } from '../../../source/sandbox/gitlab/model/durations.ts';
import { runners, usable } from '../../../source/sandbox/gitlab/model/runners.ts';
import { errorsOf, namesOf, setsOf, study } from './world.ts';

const huskycat: Record<string, string> = {
  ...template.sources,
  ...template.container,
  ...template.bazel,
  ...template.nix('https://attic'),
  ...template.ci('https://attic'),
};

/** No move that could be made adds an error or changes the jobs of any event. */
function expectSafe(texts: Record<string, string>, given: Parameters<typeof study>[1] = {}) {
  const one = study(texts, given);
  const known = new Set(errorsOf(one.sets));
  const all = [...one.found.single, ...(one.found.best ? [one.found.best] : [])];
  for (const valued of all.filter(({ problems }) => problems.length === 0)) {
    const after = setsOf(one.edit(valued.waits));
    expect(errorsOf(after).filter((error) => !known.has(error))).toEqual([]);
    expect(namesOf(after)).toEqual(namesOf(one.sets));
  }
  return one;
}

test('HuskyCat: what a careful maintainer would propose, and why the rest stays', () => {
  const names = new Set(
    [...setsOf({ read: (path) => huskycat[path], list: () => Object.keys(huskycat) }).values()].flatMap(
      ({ jobs }) => jobs.map(({ name }) => name),
    ),
  );
  const durations = Object.fromEntries(
    [...names].map((name) => {
      const [least, most] = usualDuration(name, false);
      return [name, (least + most) / 2];
    }),
  );
  const { found, world } = expectSafe(huskycat, { durations, runners: usable(runners) });
  expect(found.best?.moves.map(({ id }) => id).sort()).toEqual([
    'binary:darwin-arm64:drop:test:unit',
    'binary:linux-amd64:drop:test:unit',
    'download:tools:darwin-arm64:drop:container:build:amd64',
    'download:tools:linux-amd64:drop:container:build:amd64',
    'sbom:exact-needs',
  ]);
  expect(found.best?.handedOn).toEqual([
    { job: 'sign:darwin-arm64', need: 'test:unit', isGate: true },
    { job: 'pages', need: 'test:unit', isGate: true },
  ]);
  const { needs, stageOrder } = auditNeeds(world);
  const verdict = (job: string, need: string) =>
    needs.find((one) => one.job === job && one.need === need)?.canGo;
  expect(verdict('binary:linux-amd64', 'download:tools:linux-amd64')).toBe('no');
  expect(verdict('bazel:test', 'bazel:build')).toBe('unknown');
  expect(verdict('nix:check', 'nix:build')).toBe('unknown');
  expect(verdict('release', 'notarize:darwin-arm64')).toBe('no');
  expect(stageOrder.find(({ job }) => job === 'container:tag:latest')?.why).toMatch(/^it publishes/);
});

const data = process.env.HUSKYCAT_TEST_DATA;
const folder = data === undefined ? undefined : join(data, 'ci');

describe.skipIf(folder === undefined)('configurations of others (HUSKYCAT_TEST_DATA)', () => {
  const projects = folder === undefined ? [] : readdirSync(folder);
  test.each(projects)('%s', (name) => {
    const root = join(folder ?? '', name);
    const texts = Object.fromEntries(
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .map((path) => join(root, path))
        .filter((path) => statSync(path).isFile())
        .map((path) => [relative(root, path), readFileSync(path, 'utf8')]),
    );
    const { world } = expectSafe(texts);
    const { needs, stageOrder } = auditNeeds(world);
    expect(needs.length + stageOrder.length).toBeGreaterThan(0);
    for (const { uses, canGo } of needs) if (canGo === 'yes') expect(uses).toEqual([]);
  });
});
