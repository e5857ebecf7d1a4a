import type { Daemon } from './daemon.ts';
import type { FlagValue } from './flags.ts';
import { imageName } from './imageName.ts';
import { harmless } from './programs.ts';
import type { ImageSpec } from './spec.ts';
import type { Step } from './step.ts';

/** Why an image has to lie in the daemon, or in the store of a builder without one, after its build. */
export interface LocalUse {
  /** As the end of a sentence: `later lines use …`. */
  readonly because: string;
  readonly step?: Step;
  /** Only tags or pushes it, which every store can do. */
  readonly isPlacing?: boolean;
}

export interface Building {
  readonly spec: ImageSpec;
  readonly steps: readonly Step[];
  /** Those behind the build. */
  readonly later: readonly Step[];
  readonly daemon: Daemon;
  /** All names that the image has in the end. */
  readonly tags: readonly FlagValue[];
  readonly pushed: readonly FlagValue[];
  /** A `tag` or `push` of it that a build could not do by itself. */
  readonly apart?: Step | undefined;
}

/** What looks at the image on the machine, or may: where images are named by what only a shell knows, anything does. */
export function localUse(building: Building): LocalUse | undefined {
  const { spec, later, daemon, tags, pushed, apart } = building;
  const use = (step: Step): LocalUse => ({
    because: `\`${textOf(step)}\` ${step.kind === 'other' ? 'may use' : 'uses'} the image on the machine`,
    step,
  });
  const direct = later.find((step) => isUse(step, tags) || (!spec.pushes && isStranger(step, building)));
  if (direct) return use(direct);
  if (apart) return { ...use(apart), isPlacing: true };
  if (spec.pushes) return undefined;
  const kept = tags.filter((tag) => !pushed.some((one) => imageName(one) === imageName(tag)));
  const [first] = kept;
  if (daemon.kind === 'machine' && first)
    return {
      because: `${first.raw} stays in the daemon of the machine, where other jobs may use it`,
    };
  const program = pushed.length === 0 && first ? later.find(isUnknown) : undefined;
  return program && use(program);
}

function isUse({ kind, command }: Step, tags: readonly FlagValue[]): boolean {
  if (kind !== 'engine') return false;
  const isNamed = command.words.some(({ text }) =>
    tags.some((tag) => imageName({ text }) === imageName(tag) || text.includes(tag.text)),
  );
  const isRun = ['run', 'create'].includes(command.words[1]?.text ?? '');
  return isNamed || !isRun || command.words.some(({ isPlain }) => !isPlain);
}

/** Pushes or tags what no line of the job builds, tags or pulls under that name: it may be this image. */
function isStranger(step: Step, { steps }: Building): boolean {
  const wanted = step.kind === 'push' ? step.image : step.kind === 'tag' ? step.from : undefined;
  if (!wanted) return step.kind === 'push';
  const name = imageName(wanted);
  return !steps.some(
    (one) =>
      (one.kind === 'build' && one.spec.tags.some((tag) => imageName(tag) === name)) ||
      (one.kind === 'tag' && imageName(one.to) === name) ||
      (one.kind === 'pull' && imageName(one.image) === name),
  );
}

/** A program that may do anything with an image that nothing else takes along. */
function isUnknown({ kind, command }: Step): boolean {
  const program = command.words[0]?.text;
  return kind === 'other' && program !== undefined && !harmless.has(program);
}

function textOf({ command }: Step): string {
  return command.words.map(({ raw }) => raw).join(' ');
}
