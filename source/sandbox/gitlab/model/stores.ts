import { createHash } from 'node:crypto';
import { expandVariables } from '../../../core/ci/expand.ts';
import { slugify } from '../../../core/ci/predefined.ts';
import { cachesOf } from '../../../core/ci/schema/cache.ts';
import { variablesOf } from '../../../core/ci/variables.ts';
import { get, isNull, scalarText, textsOf } from '../../../core/ci/yaml/node.ts';
import type { Tree } from '../../checkout/objects.ts';
import { project } from './places.ts';
import type { JobRun } from './runs.ts';

/** One `cache:` of a job as the runner names it. */
export interface CacheUse {
  /** With the protection of the ref at its end. */
  readonly key: string;
  readonly fallbacks: readonly string[];
  readonly paths: readonly string[];
  readonly pulls: boolean;
  readonly pushes: boolean;
}

/** What jobs leave for later ones: caches on the disks of runners, layers in the registry, packages. */
export class Stores {
  private readonly caches = new Set<string>();
  private readonly layers = new Set<string>();
  private readonly packages = new Set<string>();

  /** The key under which a job finds its cache on its runner; undefined when there is none. */
  found(run: JobRun, use: CacheUse): string | undefined {
    if (!use.pulls) return undefined;
    return [use.key, ...use.fallbacks].find((key) => this.caches.has(onRunner(run, key)));
  }

  /** Whether one of the references that an image build reads layers from was written before. */
  hasLayers({ from }: LayerUse): boolean {
    return from.some((ref) => this.layers.has(ref));
  }

  hasPackages(commands: readonly string[], tree: Tree): boolean {
    const name = packageOf(commands, tree);
    return name !== undefined && this.packages.has(name);
  }

  /** What a job that went well leaves. */
  keep(run: JobRun, commands: readonly string[], tree: Tree): void {
    for (const use of cacheUses(run, tree)) if (use.pushes) this.caches.add(onRunner(run, use.key));
    for (const ref of layerUse(run, commands).to) this.layers.add(ref);
    const name = packageOf(commands, tree);
    if (name !== undefined) this.packages.add(name);
  }
}

function onRunner({ runner }: JobRun, key: string): string {
  return `${runner?.description ?? ''}\0${key}`;
}

/** The caches of a job, in their order. */
export function cacheUses(run: JobRun, tree: Tree): CacheUse[] {
  const suffix = run.pipeline.branch === project.defaultBranch ? '-protected' : '-non_protected';
  const expand = (text: string): string => `${expandVariables(text, jobValues(run))}${suffix}`;
  return cachesOf(run.job.definition.keywords).map((cache) => {
    const key = get(cache, 'key');
    const files = textsOf(get(key, 'files'));
    const policy = scalarText(get(cache, 'policy')) ?? 'pull-push';
    const prefix = scalarText(get(key, 'prefix'));
    const hash = createHash('sha1');
    for (const file of files) hash.update(tree.get(file)?.content ?? '');
    const name =
      files.length > 0
        ? `${prefix === undefined ? '' : `${prefix}-`}${hash.digest('hex')}`
        : (scalarText(key) ?? 'default');
    return {
      key: expand(name),
      fallbacks: textsOf(get(cache, 'fallback_keys')).map(expand),
      paths: textsOf(get(cache, 'paths')),
      pulls: policy !== 'push',
      pushes: policy !== 'pull',
    };
  });
}

/** References of layer caches that an image build reads and writes. */
export interface LayerUse {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export function layerUse(run: JobRun, commands: readonly string[]): LayerUse {
  const text = commands.join('\n').replace(/\\\n\s*/g, ' ');
  const known = jobValues(run);
  const refs = [...text.matchAll(/type=registry,ref=([^\s"',]+)((?:,[\w-]+=[^\s"',]+)*)/g)].map(
    ([, ref = '', options = '']) => ({
      ref: expandVariables(ref, known),
      isWritten: options.includes('mode='),
    }),
  );
  const repositories = [
    ...text.matchAll(/--(cache-repo|cache-from|cache-to)[= ]["']?([^\s"'=,]+)["']?(?=\s|$)/g),
  ].map(([, flag, ref = '']) => ({ flag, ref: expandVariables(ref, known) }));
  const isDefault = run.pipeline.branch === project.defaultBranch;
  const ofDefault = `:${slugify(project.defaultBranch)}`;
  const read = [
    ...refs.filter(({ isWritten }) => !isWritten).map(({ ref }) => ref),
    ...repositories.filter(({ flag }) => flag !== 'cache-to').map(({ ref }) => ref),
  ];
  const written = [
    ...refs.filter(({ isWritten }) => isWritten).map(({ ref }) => ref),
    ...repositories.filter(({ flag }) => flag !== 'cache-from').map(({ ref }) => ref),
  ];
  return { from: read, to: written.filter((ref) => isDefault || !ref.endsWith(ofDefault)) };
}

/** The variables that the configuration and GitLab give a job, as far as names of caches and images use them. */
function jobValues({ job, pipeline }: JobRun): Record<string, string> {
  const { keywords } = job.definition;
  const registry = `registry.gitlab.com/${project.path}`;
  const known = {
    CI_JOB_NAME: job.name,
    CI_JOB_NAME_SLUG: slugify(job.name),
    CI_COMMIT_REF_NAME: pipeline.branch,
    CI_COMMIT_REF_SLUG: slugify(pipeline.branch),
    CI_COMMIT_REF_PROTECTED: String(
      pipeline.event !== 'merge_request' && pipeline.branch === project.defaultBranch,
    ),
    CI_COMMIT_SHA: pipeline.sha,
    CI_COMMIT_SHORT_SHA: pipeline.sha.slice(0, 8),
    CI_DEFAULT_BRANCH: project.defaultBranch,
    CI_REGISTRY: 'registry.gitlab.com',
    CI_REGISTRY_IMAGE: registry,
  };
  const own = get(keywords, 'variables');
  const values = {
    ...variablesOf(get(pipeline.set.configuration.root, 'variables')),
    ...(own && !isNull(own) ? variablesOf(own) : {}),
    ...known,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, expandVariables(value, values)]),
  );
}

/** What a job keeps in the package registry, by the commands or the scripts that they run; undefined when nothing. */
function packageOf(commands: readonly string[], tree: Tree): string | undefined {
  const scripts = commands.flatMap((command) => {
    const path = /\b(?:ba)?sh\s+(\S+\.sh)/.exec(command)?.[1];
    return path === undefined ? [] : (tree.get(path)?.content.toString('utf8') ?? []);
  });
  const text = [...commands, ...scripts].join('\n');
  if (!text.includes('/packages/generic/')) return undefined;
  return [...text.matchAll(/\/packages\/generic\/([^\s"']+)/g)].map(([, name]) => name).join(' ');
}
