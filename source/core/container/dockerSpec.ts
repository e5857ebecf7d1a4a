import type { ShellCommand } from '../shell/read.ts';
import {
  type Arguments,
  type Flag,
  type FlagTable,
  type FlagValue,
  readArguments,
  valuesOf,
} from './flags.ts';
import type { BuildTool, ImageSpec } from './spec.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of `docker build`, `docker buildx build` and `buildah build`. */
export const buildFlags: FlagTable = {
  valued:
    words(`add-host allow annotation attest authfile build-arg build-context builder cache-from cache-to cache-ttl
    call cap-add cap-drop cgroup-parent cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems creds device env file format
    iidfile isolation jobs label layer-label memory memory-swap metadata-file network no-cache-filter output platform
    progress provenance retry runtime sbom secret security-opt shm-size ssh tag target timestamp ulimit userns volume`),
  alone:
    words(`check compress debug disable-content-trust force-rm layers load no-cache pull push quiet rm squash
    tls-verify`),
  short: {
    c: 'cpu-shares',
    D: 'debug',
    f: 'file',
    m: 'memory',
    o: 'output',
    q: 'quiet',
    t: 'tag',
    v: 'volume',
  },
};

/** The subcommand's words: `docker image build`, `docker buildx build`, `buildah bud`. */
export interface Subcommand {
  readonly tool: BuildTool;
  /** How many words name the program and what it is to do. */
  readonly length: number;
}

/** Whether a command builds an image with Docker, Buildah or Podman. */
export function dockerSubcommand({ words: list }: ShellCommand): Subcommand | undefined {
  const [program, first, second] = list.map(({ text }) => text);
  const name = program?.replace(/^.*\//, '');
  if (name === 'buildah' && /^(?:build|bud|build-using-dockerfile)$/.test(first ?? ''))
    return { tool: 'buildah', length: 2 };
  // Podman builds with Buildah, and takes its flags.
  if (name === 'podman' && first === 'build') return { tool: 'buildah', length: 2 };
  if (name === 'podman' && /^(?:image|buildx)$/.test(first ?? '') && second === 'build')
    return { tool: 'buildah', length: 3 };
  if (name !== 'docker') return undefined;
  if (first === 'build') return { tool: 'docker build', length: 2 };
  if ((first === 'image' || first === 'builder') && second === 'build')
    return { tool: 'docker build', length: 3 };
  if (first === 'buildx' && (second === 'build' || second === 'b'))
    return { tool: 'docker buildx', length: 3 };
  return undefined;
}

/** Reads the command; undefined when it builds nothing with Docker, Buildah or Podman. */
export function readDockerSpec(command: ShellCommand): ImageSpec | undefined {
  const subcommand = dockerSubcommand(command);
  if (!subcommand) return undefined;
  const { tool, length } = subcommand;
  const given = readArguments(command.words.slice(length), buildFlags);
  const [context] = given.positional;
  const last = (name: string): FlagValue | undefined => valuesOf(given, name).at(-1);
  const outputs = valuesOf(given, 'output');
  const pushes = isOn(given, 'push') || outputs.some(({ text }) => /type=registry|push=true/.test(text));
  const tags = [...valuesOf(given, 'tag'), ...outputs.flatMap(({ text, isPlain }) => namesOf(text, isPlain))];
  const file = last('file');
  const target = last('target');
  const platform = last('platform');
  return {
    tool,
    ...(file ? { file } : {}),
    context: context ?? { raw: '.', text: '.', isPlain: true },
    tags,
    buildArgs: valuesOf(given, 'build-arg'),
    labels: valuesOf(given, 'label'),
    ...(target ? { target } : {}),
    ...(platform ? { platform } : {}),
    secrets: valuesOf(given, 'secret'),
    pulls: isOn(given, 'pull'),
    ignoresCache: isOn(given, 'no-cache'),
    pushes,
    isLocal: tool !== 'docker buildx' || isOn(given, 'load'),
    cacheFrom: valuesOf(given, 'cache-from'),
    cacheTo: valuesOf(given, 'cache-to'),
    cacheFlags: given.flags.filter(({ name }) => /^(?:cache-(?:from|to|ttl)|layers)$/.test(name)),
    others: given.flags.filter((flag) => !understood.has(flag.name) || isStrangeOutput(flag)),
    unknown: [
      ...given.unknown.map(({ raw }) => raw),
      ...(given.positional.length === 1 ? [] : given.positional.slice(1).map(({ raw }) => raw)),
    ],
  };
}

/** Flags that the specification holds, or that change nothing of the image. */
const understood =
  words(`file tag build-arg label target platform secret pull no-cache push load cache-from cache-to
  cache-ttl layers output progress quiet rm force-rm provenance debug compress disable-content-trust`);

function isStrangeOutput({ name, value }: Flag): boolean {
  const text = value?.text ?? '';
  return name === 'output' && (!/type=(?:registry|image|docker)/.test(text) || /(?:^|,)dest=/.test(text));
}

function isOn({ flags }: Arguments, name: string): boolean {
  const flag = flags.findLast((one) => one.name === name);
  return flag !== undefined && flag.value?.text !== 'false';
}

/** `type=image,name=a,push=true`; several names stand in quotes: `"name=a,b"`. */
export function namesOf(output: string, isPlain: boolean): FlagValue[] {
  const [, quoted, bare] = /(?:^|,)(?:"name=([^"]*)"|name=([^,"]*))/.exec(output) ?? [];
  const names = quoted?.split(',') ?? (bare ? [bare] : []);
  return names.map((text) => ({ raw: `"${text}"`, text, isPlain }));
}
