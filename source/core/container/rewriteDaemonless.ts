import { cacheNotes } from './cacheNotes.ts';
import { type CacheNaming, cacheRefs } from './cacheRefs.ts';
import { type Change, withoutCommand } from './changes.ts';
import { indentOf } from './commandEdits.ts';
import { credentialChanges, isBuildahToo, programWord } from './credentialChanges.ts';
import { type Emission, type Emitted, emitBuildah, emitBuildctl, emitKaniko } from './emit.ts';
import type { ImageJob, JobImage } from './imageJob.ts';
import type { Daemonless, LayerSettings, Rewritten } from './layerOption.ts';
import { isOldPull, needlessItems, unsayable } from './otherSteps.ts';
import type { ScriptPlan } from './scriptEdits.ts';
import type { ImageSpec } from './spec.ts';
import { placeOf, type Step } from './step.ts';
import { toolKeywords } from './toolKeywords.ts';

const emitters: Readonly<Record<Daemonless, (emission: Emission) => Emitted>> = {
  kaniko: emitKaniko,
  'buildkit-rootless': emitBuildctl,
  buildah: emitBuildah,
};

/** A builder that needs no daemon in the place of one that does, or of another: its image, its command, its credentials. */
export function rewriteDaemonless(
  job: ImageJob,
  option: Daemonless,
  naming: CacheNaming,
  settings: LayerSettings,
): Rewritten {
  const { job: definition, items, images, steps } = job;
  const emitted = images.map((image) => ({ image, ...written(job, option, image, naming, settings) }));
  const refuse = (because: string, step?: Step): Rewritten => ({
    job: definition.name,
    because,
    ...(step ? { at: placeOf(step) } : {}),
    paste: emitted.flatMap((one) => ('lines' in one ? [...one.lines] : [])),
  });
  for (const one of emitted)
    if ('because' in one) return refuse(one.because, one.image.use?.step ?? one.image.step);
  const problem = unsayable(job, option);
  if (problem) return refuse(problem.because, problem.step);
  const idle = needlessItems(job);
  const changes: Change[] = idle.map((item) => ({ item, start: 0, end: item.text.length, text: '' }));
  const staysApart = option === 'buildah';
  const carriers = staysApart ? [] : images.flatMap((image) => image.carriers);
  const gone = steps.filter(
    (step) =>
      !idle.includes(step.item) &&
      (carriers.includes(step) || step.kind === 'daemon' || step.kind === 'builder' || isOldPull(step, job)),
  );
  for (const step of gone) {
    const change = withoutCommand(step.item, step.command);
    if (!change) return refuse(`\`${commandText(step)}\` stands where other commands depend on it`, step);
    changes.push(change);
  }
  if (staysApart)
    changes.push(
      ...steps
        .filter((step) => isBuildahToo(step) && !idle.includes(step.item) && !gone.includes(step))
        .map(programWord),
    );
  const credentials = credentialChanges(job, option, idle);
  if ('step' in credentials) return refuse('how it logs in to a registry cannot be told', credentials.step);
  changes.push(...credentials.changes);
  for (const one of emitted) if ('lines' in one) changes.push(commandChange(one.image.step, one.lines));
  const script: ScriptPlan = { job: definition.name, items, changes, inserts: credentials.inserts };
  return { script, keywords: toolKeywords(job, option, settings), notes: notesOf(job, option) };
}

function written(
  job: ImageJob,
  option: Daemonless,
  image: JobImage,
  naming: CacheNaming,
  { ttl }: LayerSettings,
): { readonly lines: readonly string[] } | { readonly because: string } {
  const { use } = image;
  if (use && !(use.isPlacing && option === 'buildah'))
    return { because: `${use.because}, and no daemon would hold it` };
  const emitted = emitters[option]({
    spec: withoutInline(image.spec),
    pushed: image.pushed,
    refs: cacheRefs(job, image, naming),
    ttl,
    isOneOfSeveral: job.images.length > 1,
    changesFolder: job.steps.some(({ command }) => command.words[0]?.text === 'cd'),
  });
  if ('because' in emitted) return emitted;
  const indent = indentOf(image.step.item.text, image.step.command.start, image.step.command.end);
  const command = emitted.lines.join(` \\\n${indent}`);
  return { lines: [command, ...(emitted.afterwards ?? [])] };
}

/** Inline caches are of no use beside a cache in a registry, and only Docker knows the argument for them. */
function withoutInline(spec: ImageSpec): ImageSpec {
  return {
    ...spec,
    buildArgs: spec.buildArgs.filter(({ text }) => !text.startsWith('BUILDKIT_INLINE_CACHE')),
  };
}

/** The command in the place of the old one; `DOCKER_BUILDKIT=1` before it means nothing any more. */
function commandChange({ item, command }: Step, lines: readonly string[]): Change {
  const isOwn = command.assignments.every(({ text }) => /^(?:DOCKER_|BUILDKIT_PROGRESS)/.test(text));
  const start = isOwn ? command.start : (command.words[0]?.start ?? command.start);
  const end = command.words.at(-1)?.end ?? command.end;
  const lineStart = item.text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(item.text.slice(lineStart))?.[0] ?? '';
  const isAlone = command.after === '' || command.after === '\n';
  return { item, start, end, text: lines.join(isAlone ? `\n${indent}` : ' && ') };
}

function commandText({ command }: Step): string {
  return command.words.map(({ raw }) => raw).join(' ');
}

function notesOf(job: ImageJob, option: Daemonless): string[] {
  const { images, steps } = job;
  const { name } = job.job;
  const hasLogin = steps.some(({ kind }) => kind === 'login');
  const isFromDocker = images.some(({ spec }) => spec.tool.startsWith('docker'));
  return [
    ...(isFromDocker && option !== 'buildah'
      ? [
          hasLogin
            ? `${name}: the login becomes a config.json, which is where this builder looks.`
            : `${name}: a config.json is written for the project’s registry: without it nothing could be pushed, and no line logs in today.`,
        ]
      : []),
    ...(isFromDocker
      ? [`${name}: the service docker:dind goes, with what waits for it: nothing talks to a daemon any more.`]
      : []),
    ...cacheNotes(job, option),
  ];
}
