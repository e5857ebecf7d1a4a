import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LayerOption } from '../../source/core/container/layerOption.ts';
import { change, entry } from '../unit/container/layers.ts';
import { containerFile, type LayersCase } from './layersCases.ts';
import { type JobRun, type Push, type RunnerJob, runnerJob, shownBy, writeFiles } from './layersJob.ts';
import type { ProjectRegistry, Pushed } from './projectRegistry.ts';

/** A machine that runs jobs with a way's builder, each time from nothing. */
export interface Bench {
  readonly registry: ProjectRegistry;
  /** `folder` holds the checkout, in `project`, and is empty but for that. */
  run(job: RunnerJob, push: Push, folder: string): Promise<JobRun>;
}

/** What a job left behind. */
interface Left {
  readonly run: JobRun;
  /** What the task reads from the log. */
  readonly shown: readonly string[];
  /** Manifests of the cache that came in, without the project's path. */
  readonly caches: readonly string[];
  /** By `REPOSITORY:TAG` of the case. */
  readonly images: ReadonlyMap<string, Pushed | undefined>;
  readonly dotenv: string | undefined;
}

const topic = { ref: 'topic', isProtected: false } as const;
const main = { ref: 'main', isProtected: true } as const;

/** Runs what the task writes for each case: cold, warm, on the default branch and on another one, and with a registry that refuses. */
export function tryLayers(option: LayerOption, cases: readonly LayersCase[], bench: () => Bench): void {
  test.each(cases)('$title: cold, then warm, under the same tags', async (one) => {
    const job = edited(one, option);
    const push = pushTo(one, option, 'a');
    const cold = await leave(bench(), option, one, job, { ...push, ...topic });
    expect(cold.run.status, cold.run.log).toBe(0);
    expect(cold.shown).toEqual([]);
    expect(cold.caches.length).toBeGreaterThan(0);
    expectImages(one, option, push.sha, cold);
    const warm = await leave(bench(), option, one, job, { ...push, ...topic });
    expect(warm.run.status, warm.run.log).toBe(0);
    expect(warm.shown, warm.run.log).toContain(layers(option));
    expectImages(one, option, push.sha, warm);
    for (const [name, image] of warm.images) expectSameLayers(cold.images.get(name), image);
  });

  const [first] = cases;
  if (!first) return;

  test('the default branch’s cache is its own, and other branches read it', async () => {
    const job = edited(first, option);
    const push = { ...pushTo(first, option, 'b'), project: `group/${option}-branches` };
    const onMain = await leave(bench(), option, first, job, { ...push, ...main });
    expect(onMain.run.status, onMain.run.log).toBe(0);
    const onTopic = await leave(bench(), option, first, job, { ...push, ...topic });
    expect(onTopic.run.status, onTopic.run.log).toBe(0);
    expect(onTopic.shown, onTopic.run.log).toContain(layers(option));
    for (const [name, image] of onTopic.images) expectSameLayers(onMain.images.get(name), image);
    if (!option.startsWith('buildkit')) return;
    const [repository = ''] = first.caches;
    expect(onMain.caches).toEqual([`${repository}:main-true`]);
    expect(onTopic.caches).toEqual([`${repository}:topic-false`]);
  });

  test('a registry that takes no cache', async () => {
    const job = edited(first, option);
    const push = { ...pushTo(first, option, 'c'), project: `group/${option}-refused` };
    const { registry } = bench();
    registry.refuse(/\/cache(?:\/|$)/);
    try {
      const refused = await leave(bench(), option, first, job, { ...push, ...topic });
      expect(registry.writes).toContain(`refused ${push.project}${first.caches[0]}`);
      expect(refused.caches).toEqual([]);
      if (option === 'buildah') {
        // The plan says so: Buildah has no word for a cache that may fail.
        expect(refused.run.status).not.toBe(0);
        expect(refused.run.log).toContain('failed pushing cache');
        return;
      }
      expect(refused.run.status, refused.run.log).toBe(0);
      expectImages(first, option, push.sha, refused);
    } finally {
      registry.refuse();
    }
  });
}

/** The job as the task leaves it. */
export function edited(one: LayersCase, option: LayerOption): RunnerJob {
  const texts = { ...one.texts, ContainerFile: containerFile('registry.example', option !== 'buildah') };
  const { after, answer, refused } = change(texts, option, { selected: [one.job] });
  expect([answer.refused, refused]).toEqual([[], undefined]);
  expect(answer.changed).toEqual([one.job]);
  return runnerJob(after, one.job);
}

/** The job as it is written. */
export function unedited(one: LayersCase): RunnerJob {
  return runnerJob({ read: (path) => one.texts[path], list: () => Object.keys(one.texts) }, one.job);
}

export function pushTo(one: LayersCase, option: string, letter: string): Pick<Push, 'project' | 'sha'> {
  const slug = one.title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { project: `group/${option}-${slug}`, sha: letter.repeat(40) };
}

/** Runs a job in a new folder, and looks at what is there afterwards. */
export async function leave(
  { registry, run }: Bench,
  option: LayerOption,
  one: LayersCase,
  job: RunnerJob,
  push: Push,
): Promise<Left> {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-job-'));
  try {
    const project = join(folder, 'project');
    const script = JSON.stringify(job.script);
    writeFiles(project, {
      ContainerFile: containerFile(registry.host, option !== 'buildah'),
      'src/main.txt': 'a program\n',
      [entry]: script,
    });
    registry.writes.length = 0;
    const ran = await run(job, push, folder);
    const login = Buffer.from(`${registry.user}:${registry.password}`).toString('base64');
    for (const secret of [registry.password, login]) expect(ran.log.includes(secret)).toBe(false);
    const written = registry.writes.flatMap((line) => /^PUT (.+)$/.exec(line)?.[1] ?? []);
    const inProject = written.map((name) => name.replace(push.project, ''));
    const isCache = (name: string): boolean => one.caches.some((cache) => name.startsWith(`${cache}:`));
    const pushed = one.pushed(push.sha);
    // Nothing else is written, by digest or by tag.
    expect(inProject.filter((name) => !isCache(name) && !pushed.includes(name))).toEqual([]);
    const images = await Promise.all(
      pushed.map(async (name) => {
        const at = name.lastIndexOf(':');
        return [
          name,
          await registry.pushed(`${push.project}${name.slice(0, at)}`, name.slice(at + 1)),
        ] as const;
      }),
    );
    return {
      run: ran,
      shown: await shownBy(ran.log, option),
      caches: inProject.filter(isCache),
      images: new Map(images),
      dotenv: one.dotenv && ran.status === 0 ? readFileSync(join(project, 'build.env'), 'utf8') : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each tag is a plain image with the labels that the job gives it, and the report is as it was. */
export function expectImages(
  one: LayersCase,
  option: LayerOption,
  sha: string,
  { images, dotenv }: Left,
): void {
  const { mediaType = 'application/vnd.docker.distribution.manifest.v2+json' } = one;
  for (const [name, labels] of Object.entries(one.labels(sha))) {
    const image = images.get(name);
    expect([name, image?.mediaType]).toEqual([name, mediaType]);
    const { title, version, ...others } = labels;
    expect(image?.config?.config.Labels).toMatchObject(option === 'buildah' ? others : labels);
    expect(Object.keys(image?.config?.config.Labels ?? {}).includes('last')).toBe('last' in labels);
  }
  expect(dotenv).toBe(one.dotenv?.(sha));
}

/** Some layer that a step made, with a random number in it, is in both. */
function expectSameLayers(before: Pushed | undefined, after: Pushed | undefined): void {
  const made = (image: Pushed | undefined): readonly string[] =>
    image?.config?.rootfs.diff_ids.slice(1) ?? [];
  expect(made(after).filter((id) => made(before).includes(id)).length).toBeGreaterThan(0);
}

function layers(option: LayerOption): string {
  return option.startsWith('buildkit') ? 'layers from the cache (CACHED)' : 'layers from the cache';
}
