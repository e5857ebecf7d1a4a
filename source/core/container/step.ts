import type { Place } from '../ci/model.ts';
import type { ShellCommand } from '../shell/read.ts';
import { specOf } from './builds.ts';
import { type FlagTable, type FlagValue, readArguments, valuesOf } from './flags.ts';
import type { ScriptItem } from './script.ts';
import type { ImageSpec } from './spec.ts';

/** Where credentials of a registry come from: words of a shell. */
export interface Login {
  readonly user: FlagValue;
  readonly password: FlagValue;
  /** Undefined is Docker Hub. */
  readonly registry?: FlagValue;
}

/** What a command of an image job is for. */
export type StepKind =
  | { readonly kind: 'build'; readonly spec: ImageSpec }
  | { readonly kind: 'push'; readonly image?: FlagValue }
  | { readonly kind: 'tag'; readonly from: FlagValue; readonly to: FlagValue }
  /** `login` is undefined where it cannot be told what is logged in with. */
  | { readonly kind: 'login'; readonly login?: Login }
  | { readonly kind: 'pull'; readonly image: FlagValue }
  /** Looks at the daemon, waits for it, logs out, or sets up a builder: of no use without a daemon. */
  | { readonly kind: 'daemon' }
  | { readonly kind: 'builder' }
  /** Needs an image in the daemon, or the daemon for something else. */
  | { readonly kind: 'engine' }
  /** Prints, and changes nothing that a build could see. */
  | { readonly kind: 'message' }
  | { readonly kind: 'other' };

export type Step = StepKind & { readonly item: ScriptItem; readonly command: ShellCommand };

/** The program of a command, without its folder. */
export function programOf({ command }: Pick<Step, 'command'>): string {
  return (command.words[0]?.text ?? '').replace(/^.*\//, '');
}

/** Where a command stands. */
export function placeOf({ item, command }: Pick<Step, 'item' | 'command'>): Place {
  const { file, line, column } = item.node.span;
  const before = item.text.slice(0, command.start).split('\n').length - 1;
  const isBlock = item.text.includes('\n');
  return { file, line: line + before + (isBlock ? 1 : 0), column };
}

const engines = new Set(['docker', 'podman', 'buildah', 'nerdctl']);

/** Reads every command of the items. */
export function stepsOf(items: readonly ScriptItem[]): Step[] {
  return items.flatMap((item) =>
    item.commands.map((command, index) => ({ ...kindOf(command, item.commands[index - 1]), item, command })),
  );
}

function kindOf(command: ShellCommand, piped: ShellCommand | undefined): StepKind {
  const spec = specOf(command);
  if (spec) return { kind: 'build', spec };
  const [program = '', ...rest] = command.words.map(({ text }) => text);
  const name = program.replace(/^.*\//, '');
  if (!engines.has(name)) {
    if (usesEngine(command)) return { kind: 'engine' };
    if (command.after === '|' || /^(?:sleep|true|:)$/.test(name)) return { kind: 'message' };
    return /^(?:echo|printf)$/.test(name) && command.redirections.length === 0
      ? { kind: 'message' }
      : { kind: 'other' };
  }
  const isGroup = /^(?:image|container|system|manifest)$/.test(rest[0] ?? '');
  const [verb = '', noun] = isGroup ? rest.slice(1) : rest;
  const given = readArguments(command.words.slice(isGroup ? 3 : 2), engineFlags);
  const [first, second] = given.positional;
  switch (verb) {
    case 'push':
      return {
        kind: 'push',
        ...(first &&
        given.unknown.length === 0 &&
        !isGroupOf(rest, 'manifest') &&
        given.positional.length === 1 &&
        !isAll(given.flags)
          ? { image: first }
          : {}),
      };
    case 'tag':
      return first && second ? { kind: 'tag', from: first, to: second } : { kind: 'engine' };
    case 'login':
      return loginOf(command, piped);
    case 'pull':
      return first ? { kind: 'pull', image: first } : { kind: 'engine' };
    case 'info':
    case 'version':
    case '--version':
    case 'logout':
    case 'ps':
    case 'images':
      return { kind: 'daemon' };
    case 'context':
      return { kind: 'builder' };
    case 'buildx':
      return { kind: noun === 'bake' || noun === 'imagetools' ? 'engine' : 'builder' };
    default:
      return { kind: 'engine' };
  }
}

const engineFlags: FlagTable = {
  valued: new Set(['authfile', 'creds', 'format', 'password', 'platform', 'username']),
  alone: new Set(['all-tags', 'disable-content-trust', 'password-stdin', 'quiet', 'tls-verify']),
  short: { a: 'all-tags', p: 'password', q: 'quiet', u: 'username' },
};

function isAll(flags: readonly { readonly name: string }[]): boolean {
  return flags.some(({ name }) => name === 'all-tags');
}

function isGroupOf([first]: readonly string[], group: string): boolean {
  return first === group;
}

/** A command that gets something from an engine, `ID=$(docker images -q)`, or hands it a command: `timeout 9m docker push a`. */
function usesEngine({ words, assignments }: ShellCommand): boolean {
  const isRead = [...words, ...assignments].some(
    ({ raw, isPlain }) => !isPlain && /[`(|;]\s*(?:docker|podman|buildah|nerdctl)\s/.test(raw),
  );
  return (
    isRead ||
    words.some(
      ({ text }, index) => index > 0 && engines.has(text) && verbs.test(words[index + 1]?.text ?? ''),
    )
  );
}

const verbs = /^(?:bud|build|buildx|compose|create|image|inspect|load|pull|push|run|save|tag)$/;

/** `docker login -u USER -p PASSWORD REGISTRY`, or with the password from `echo` on standard input. */
function loginOf(command: ShellCommand, piped: ShellCommand | undefined): StepKind {
  const given = readArguments(command.words.slice(2), engineFlags);
  const [user] = valuesOf(given, 'username');
  const [registry] = given.positional;
  const isPiped = command.before === '|' && /^(?:echo|printf)$/.test(piped?.words[0]?.text ?? '');
  const password = isPiped ? piped?.words.at(-1) : valuesOf(given, 'password').at(-1);
  if (!user || !password || given.unknown.length > 0 || !password.isPlain || !user.isPlain)
    return { kind: 'login' };
  return { kind: 'login', login: { user, password, ...(registry ? { registry } : {}) } };
}
