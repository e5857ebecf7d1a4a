import { expandVariables } from '../../../core/ci/expand.ts';
import { variablesOf } from '../../../core/ci/variables.ts';
import { get, textOf, textsOf } from '../../../core/ci/yaml/node.ts';
import type { Tree } from '../../checkout/objects.ts';
import { project } from '../model/places.ts';
import { between, hex, type Random } from '../model/random.ts';
import type { JobRun } from '../model/runs.ts';
import { cacheUses } from '../model/stores.ts';
import { command, type Item, section } from './items.ts';

/** What the runner writes around the script. */
export function opening({ runner }: JobRun, image: string): Item[] {
  const { version = '', revision = '', description = '', systemId = '', executor = '' } = runner ?? {};
  const prepared: Item[] =
    executor === 'shell'
      ? [{ text: 'Using Shell (bash) executor...', seconds: 0.5 }]
      : [
          { text: `Using Docker executor with image ${image} ...`, seconds: 2 },
          { text: `Pulling docker image ${image} ...`, seconds: 5 },
          { text: `Using docker image sha256:${systemId} for ${image} with digest ...`, seconds: 0.5 },
        ];
  return [
    { text: `\u001B[0KRunning with gitlab-runner ${version} (${revision})\u001B[0;m`, seconds: 0.1 },
    { text: `\u001B[0K  on ${description}, system ID: ${systemId}\u001B[0;m`, seconds: 0.4 },
    ...section('prepare_executor', `Preparing the "${executor}" executor`, 0.5, prepared),
    ...section('prepare_script', 'Preparing environment', 0.5, [
      { text: `Running on runner-${description} via ${description}...`, seconds: 1 },
    ]),
  ];
}

export function sources({ pipeline }: JobRun): Item[] {
  const { sha, ref } = pipeline;
  return section('get_sources', 'Getting source from Git repository', 0.4, [
    { text: `\u001B[32;1mFetching changes with git depth set to 20...\u001B[0;m`, seconds: 1.5 },
    { text: `Initialized empty Git repository in /builds/${project.path}/.git/`, seconds: 0.2 },
    {
      text: `\u001B[32;1mChecking out ${sha.slice(0, 8)} as detached HEAD (ref is ${ref})...\u001B[0;m`,
      seconds: 0.5,
    },
    { text: `\u001B[32;1mSkipping Git submodules setup\u001B[0;m`, seconds: 0.1 },
  ]);
}

export function cacheDown(run: JobRun, tree: Tree): Item[] {
  const items = cacheUses(run, tree).flatMap(({ key, pulls }, index): Item[] => {
    if (!pulls) return [];
    const found = run.outcome?.story.extracted?.[index];
    return [
      { text: `\u001B[32;1mChecking cache for ${found ?? key}...\u001B[0;m`, seconds: 1 },
      {
        text: 'No URL provided, cache will not be downloaded from shared cache server. Instead a local version of cache will be extracted. ',
        seconds: 0.3,
      },
      ...(found === undefined
        ? missing
        : [{ text: '\u001B[32;1mSuccessfully extracted cache\u001B[0;m', seconds: 2 }]),
    ];
  });
  return items.length === 0 ? [] : section('restore_cache', 'Restoring cache', 0.3, items);
}

const missing: readonly Item[] = [
  {
    text: '\u001B[0;33mWARNING: Cache file does not exist                \u001B[0;m',
    isError: true,
    seconds: 0.2,
  },
  { text: '\u001B[0;33mFailed to extract cache\u001B[0;m', isError: true, seconds: 0.2 },
];

/** Artifacts of the jobs that this one needs. */
export function artifactsDown({ job, pipeline }: JobRun, random: Random): Item[] {
  const sources = (job.needs ?? []).flatMap((need) => {
    const run = need.artifacts ? pipeline.latest.get(need.job) : undefined;
    return run && get(run.job.definition.keywords, 'artifacts') ? [run] : [];
  });
  if (sources.length === 0) return [];
  const items = sources.flatMap((run): Item[] => [
    { text: `\u001B[32;1mDownloading artifacts for ${run.job.name} (${run.id})...\u001B[0;m`, seconds: 1.5 },
    {
      text: `Downloading artifacts from coordinator... ok        correlation_id=${hex(random, 16)} host=gitlab.com id=${run.id} responseStatus=200 OK token=64_${hex(random, 4)}`,
      isError: true,
      seconds: 0.5,
    },
  ]);
  return section('download_artifacts', 'Downloading artifacts', 0.3, items);
}

/** `after_script`, in a shell of its own. */
export function afterScript(commands: readonly string[]): Item[] {
  if (commands.length === 0) return [];
  return section('after_script', 'Running after_script', 0.3, [
    { text: `\u001B[32;1mRunning after script...\u001B[0;m`, seconds: 0.3 },
    ...commands.map(command),
  ]);
}

export function saving(run: JobRun, failed: boolean, tree: Tree, random: Random): Item[] {
  return [...(failed ? [] : cacheUp(run, tree, random)), ...artifactsUp(run, failed, random)];
}

function cacheUp(run: JobRun, tree: Tree, random: Random): Item[] {
  const kept = cacheUses(run, tree).filter(({ pushes }) => pushes);
  const items = kept.flatMap(({ key, paths }): Item[] => [
    { text: `\u001B[32;1mCreating cache ${key}...\u001B[0;m`, seconds: 2 },
    ...paths.map((path) => ({
      text: `${path}: found ${between(random, 800, 4200)} matching artifact files and directories`,
      seconds: 1,
    })),
    {
      text: 'No URL provided, cache will not be uploaded to shared cache server. Cache will be stored only locally. ',
      seconds: 0.2,
    },
    { text: `\u001B[32;1mCreated cache\u001B[0;m`, seconds: 0.2 },
  ]);
  return items.length === 0 ? [] : section('archive_cache', 'Saving cache for successful job', 0.3, items);
}

function artifactsUp(run: JobRun, failed: boolean, random: Random): Item[] {
  const artifacts = get(run.job.definition.keywords, 'artifacts');
  const when = textOf(get(artifacts, 'when')) ?? 'on_success';
  const paths = textsOf(get(artifacts, 'paths'));
  if (paths.length === 0 || (when !== 'always' && failed !== (when === 'on_failure'))) return [];
  return section(
    `upload_artifacts_on_${failed ? 'failure' : 'success'}`,
    `Uploading artifacts for ${failed ? 'failed' : 'successful'} job`,
    0.3,
    [
      { text: `\u001B[32;1mUploading artifacts...\u001B[0;m`, seconds: 1 },
      ...paths.map((path) => ({
        text: `${path}: found ${between(random, 1, 9)} matching artifact files and directories`,
        seconds: 0.5,
      })),
      {
        text: `Uploading artifacts as "archive" to coordinator... 201 Created  correlation_id=${hex(random, 16)} id=${run.id} responseStatus=201 Created token=64_${hex(random, 4)}`,
        isError: true,
        seconds: 1,
      },
    ],
  );
}

/** The image with the variables that a job's image usually names. */
export function imageOf(image: string | undefined, { pipeline }: JobRun): string {
  const root = variablesOf(get(pipeline.set.configuration.root, 'variables'));
  const registry = `registry.gitlab.com/${project.path}`;
  const known = { CI_REGISTRY_IMAGE: registry, CI_COMMIT_SHORT_SHA: pipeline.sha.slice(0, 8) };
  return expandVariables(expandVariables(image ?? 'ruby:3.3', { ...root, ...known }), known);
}
