import { type Change, withoutCommand } from './changes.ts';
import { credentialLines, jobLogin, lacksLogin, loginLine } from './credentials.ts';
import type { ImageJob } from './imageJob.ts';
import type { Daemonless } from './layerOption.ts';
import type { ScriptItem } from './script.ts';
import type { ScriptPlan } from './scriptEdits.ts';
import type { Login, Step } from './step.ts';

/** Where the builder looks for credentials. */
const credentialFolder: Readonly<Record<Daemonless, string>> = {
  kaniko: '/kaniko/.docker',
  'buildkit-rootless': '~/.docker',
  buildah: '~/.docker',
};

interface Credentials {
  readonly changes: readonly Change[];
  readonly inserts: ScriptPlan['inserts'];
}

/** The first login becomes the file that a builder without `login` reads, with all that are logged in to. */
export function credentialChanges(
  job: ImageJob,
  option: Daemonless,
  idle: readonly ScriptItem[],
): Credentials | { readonly step: Step } {
  const logins = job.steps.filter((step) => step.kind === 'login' && !idle.includes(step.item));
  const [first] = job.images;
  if (!first) return { changes: [], inserts: [] };
  const isFromDocker = first.spec.tool.startsWith('docker') || first.spec.tool === 'buildah';
  if (option === 'buildah' && isFromDocker)
    return {
      changes: logins.map(programWord),
      inserts: lacksLogin(job) ? [{ before: first.step.item, texts: [loginLine('buildah')] }] : [],
    };
  if (!isFromDocker) return { changes: moved(job, credentialFolder[option]), inserts: [] };
  const known: Login[] = [];
  for (const step of logins) {
    if (step.kind !== 'login' || !step.login) return { step };
    known.push(step.login);
  }
  const lines = credentialLines(lacksLogin(job) ? [...known, jobLogin] : known, credentialFolder[option]);
  const [place, ...others] = logins;
  if (known.length === 0 && !lacksLogin(job)) return { changes: [], inserts: [] };
  if (!place) return { changes: [], inserts: [{ before: first.step.item, texts: lines }] };
  const changes: Change[] = [];
  for (const step of others) {
    const change = withoutCommand(step.item, step.command);
    if (!change) return { step };
    changes.push(change);
  }
  const gone = withoutCommand(place.item, place.command);
  if (!gone || job.steps.indexOf(place) > job.steps.indexOf(first.step)) return { step: place };
  const isWhole = gone.start === 0 && gone.end === place.item.text.length;
  if (isWhole) return { changes: [...changes, gone], inserts: [{ before: place.item, texts: lines }] };
  const text = place.item.text.slice(gone.start, gone.end);
  const before = /^(?:[ \t]*(?:&&|;))?[\s]*/.exec(text)?.[0] ?? '';
  const behind = /[\s;]*(?:&&\s*)?$/.exec(text)?.[0] ?? '';
  return {
    changes: [...changes, { ...gone, text: `${before}${lines.join(' && ')}${behind}` }],
    inserts: [],
  };
}

/** What Buildah does with the same words, under its own name. */
export function isBuildahToo({ kind }: Step): boolean {
  return kind === 'push' || kind === 'tag' || kind === 'pull';
}

/** Buildah's name in the place of Docker's: `login`, `tag`, `push` and `pull` take the same words. */
export function programWord({ item, command }: Step): Change {
  const [program] = command.words;
  return { item, start: program?.start ?? 0, end: program?.end ?? 0, text: 'buildah' };
}

/** Credentials that are written by hand already, where the new builder looks for them. */
function moved({ items }: ImageJob, folder: string): Change[] {
  return items.flatMap((item) =>
    [...item.text.matchAll(/\/kaniko\/\.docker|(?:~|\$HOME|\/root|\/home\/user)\/\.docker/g)].flatMap(
      (found) =>
        found[0] === folder
          ? []
          : [{ item, start: found.index, end: found.index + found[0].length, text: folder }],
    ),
  );
}
