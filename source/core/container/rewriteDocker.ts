import { builderLines, isCreate } from './builder.ts';
import { isKept } from './builds.ts';
import { buildkitByHand } from './byHand.ts';
import { type CacheNaming, cacheRefs } from './cacheRefs.ts';
import { type Change, withoutCommand } from './changes.ts';
import { commandChanges } from './commandEdits.ts';
import { lacksLogin, loginLine } from './credentials.ts';
import { buildFlags, dockerSubcommand } from './dockerSpec.ts';
import { exportCache, importCaches } from './emit.ts';
import { type Flag, readArguments } from './flags.ts';
import type { ImageJob, JobImage } from './imageJob.ts';
import { imageName } from './imageName.ts';
import type { LayerSettings, Rewritten } from './layerOption.ts';
import { isOldPull } from './otherSteps.ts';
import type { ScriptPlan } from './scriptEdits.ts';
import { placeOf, programOf, type Step } from './step.ts';

/** Docker's own command with a builder that can keep a cache in a registry; every other word of the job stays. */
export function rewriteDocker(job: ImageJob, naming: CacheNaming, settings: LayerSettings): Rewritten {
  const { job: definition, items, images, steps } = job;
  const refuse = (because: string, step?: Step): Rewritten => ({
    job: definition.name,
    because,
    ...(step ? { at: placeOf(step) } : {}),
    paste: buildkitByHand(job, naming.repository, settings),
  });
  const [first] = images;
  if (!first) return refuse('no build of it is known');
  const foreign = images.find(({ spec }) => !spec.tool.startsWith('docker'));
  if (foreign)
    return refuse(
      `${programOf(foreign.step)} builds it, and no Docker daemon is beside the job`,
      foreign.step,
    );
  const changes: Change[] = [];
  const notes: string[] = [];
  const inserted: string[] = [];
  const late = lateLogins(steps, first.step);
  for (const login of late) {
    const change = withoutCommand(login.item, login.command);
    if (!change) return refuse('it logs in to the registry only after the build', login);
    changes.push(change);
    inserted.push(login.item.text.slice(change.start, change.end).trim());
    notes.push(
      `${definition.name}: the login comes before the build, which now writes to the registry itself.`,
    );
  }
  if (lacksLogin(job)) {
    inserted.push(loginLine('docker'));
    notes.push(
      `${definition.name}: a login to the project’s registry comes in, where the cache is written; no line did it.`,
    );
  }
  const builder = builderLines(job, settings);
  inserted.push(...builder.inserted);
  changes.push(...builder.changes);
  // What only brought the old cache in goes, where it stands alone.
  for (const { item, command } of steps.filter((step) => isOldPull(step, job))) {
    const change = withoutCommand(item, command);
    if (change) changes.push(change);
  }
  for (const image of images) {
    const dropped: Change[] = [];
    for (const { item, command } of image.carriers) {
      const change = withoutCommand(item, command);
      if (change) dropped.push(change);
      else
        return refuse(
          `\`${command.words.map(({ raw }) => raw).join(' ')}\` cannot be joined with the build`,
          {
            ...image.step,
            item,
            command,
          },
        );
    }
    changes.push(...dropped, ...buildChanges(job, image, naming));
    notes.push(...notesOf(definition.name, image));
  }
  const script: ScriptPlan = {
    job: definition.name,
    items,
    changes,
    inserts: inserted.length === 0 ? [] : [{ before: first.step.item, texts: inserted }],
  };
  return { script, keywords: [], notes };
}

/** Logins without any before the build: then nothing was needed until the push. */
function lateLogins(steps: readonly Step[], build: Step): Step[] {
  const at = steps.indexOf(build);
  const isEarly = steps.slice(0, at).some(({ kind }) => kind === 'login');
  return isEarly ? [] : steps.slice(at).filter(({ kind }) => kind === 'login');
}

function buildChanges(job: ImageJob, image: JobImage, naming: CacheNaming): Change[] {
  const { step, spec, pushed, carriers, use } = image;
  const subcommand = dockerSubcommand(step.command);
  if (!subcommand) return [];
  const { flags } = readArguments(step.command.words.slice(subcommand.length), buildFlags);
  const refs = cacheRefs(job, image, naming);
  const joins = carriers.length > 0;
  const names = new Set(pushed.map(imageName));
  const isStale = ({ name, value }: Flag): boolean =>
    name === 'cache-from' ||
    name === 'cache-to' ||
    (name === 'build-arg' && /^BUILDKIT_INLINE_CACHE=/.test(value?.text ?? '')) ||
    (joins && name === 'tag' && value !== undefined && !names.has(imageName(value)));
  const known = new Set(spec.tags.map(imageName));
  // Docker's own driver attests nothing; the new builder would make the tag an index of an image and an attestation.
  const isPlainBefore = joins || (spec.pushes && !job.steps.some(isCreate));
  const has = (name: string): boolean => flags.some((flag) => flag.name === name);
  return commandChanges({
    step,
    subcommand: { length: subcommand.length, text: 'docker buildx build' },
    removed: flags.filter(isStale),
    added: [
      ...importCaches(refs).map((ref) => `--cache-from ${ref}`),
      `--cache-to ${exportCache(refs)}`,
      ...(joins ? pushed.filter((tag) => !known.has(imageName(tag))).map(({ raw }) => `--tag ${raw}`) : []),
      ...(isPlainBefore && !['provenance', 'attest', 'sbom'].some(has)
        ? [`--provenance=false${joins ? ' --push' : ''}`]
        : joins
          ? ['--push']
          : []),
      ...(use && !has('load') && !spec.pushes ? ['--load'] : []),
    ],
  });
}

function notesOf(job: string, { spec, carriers, use }: JobImage): string[] {
  const isInline =
    spec.buildArgs.some(({ text }) => text.startsWith('BUILDKIT_INLINE_CACHE')) ||
    (spec.cacheFrom.length > 0 && !spec.cacheTo.some(isKept));
  return [
    ...(isInline
      ? [
          `${job}: the inline cache is dropped: it holds the last stage’s layers only, and the registry cache holds all.`,
        ]
      : []),
    ...(carriers.length > 0
      ? [
          `${job}: the build pushes by itself, since the image never lies in the daemon; --provenance=false keeps the tag a plain image, as docker push made it.`,
        ]
      : []),
    ...(use && !spec.pushes
      ? [
          `${job}: --load brings the image back into the daemon, because ${use.because}; that costs the time to copy it.`,
        ]
      : []),
  ];
}
