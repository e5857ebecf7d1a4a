import { scriptLines } from '../ci/checks/rule.ts';
import type { Configuration, Node, Place } from '../ci/model.ts';
import { readShell, type ShellCommand } from '../shell/read.ts';
import { readBuildctlSpec, readKanikoSpec } from './daemonlessSpec.ts';
import { readDockerSpec } from './dockerSpec.ts';
import type { BuildTool, ImageSpec } from './spec.ts';

export type { BuildTool } from './spec.ts';

/** A step of a CI job that builds a container image. */
export interface ImageBuild {
  readonly job: string;
  readonly tool: BuildTool;
  readonly at: Place;
  /** What layers are read from and written to, as written: `type=registry,ref=…`. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
}

/** An inline cache lies in the image and holds the layers of its last stage alone. */
export function isKept({ text }: { readonly text: string }): boolean {
  return !/(?:^|,)type=inline\b/.test(text);
}

/** What a command builds; undefined when it builds no image. */
export function specOf(command: ShellCommand): ImageSpec | undefined {
  return readDockerSpec(command) ?? readKanikoSpec(command) ?? readBuildctlSpec(command);
}

/** Every image build of a configuration, in the order of its jobs. */
export function imageBuilds({ jobs }: Configuration): ImageBuild[] {
  return [...jobs.values()].flatMap(({ name, keywords }) =>
    scriptLines(keywords, 'before_script', 'script').flatMap(({ text, node }) => [
      ...readShell(text).commands.flatMap((command) => buildOf(name, text, node, command)),
    ]),
  );
}

function buildOf(job: string, text: string, node: Node, command: ShellCommand): ImageBuild[] {
  const { file, line, column } = node.span;
  const at = { file, line: line + linesBefore(text, command.start), column };
  const spec = specOf(command);
  if (spec) {
    const { tool, cacheFrom, cacheTo } = spec;
    const textOf = ({ text: one }: { readonly text: string }): string => one;
    return [{ job, tool, at, cacheFrom: cacheFrom.map(textOf), cacheTo: cacheTo.filter(isKept).map(textOf) }];
  }
  const [program, first, second] = command.words.map(({ text: word }) => word);
  if (program !== 'docker' || first !== 'buildx' || second !== 'bake') return [];
  // What it builds, and with which cache, its own file says; `--set` can say it too.
  const set = (way: string): string[] =>
    command.words.flatMap(({ text: word }) => new RegExp(`\\.cache-${way}\\+?=(.+)$`).exec(word)?.[1] ?? []);
  return [{ job, tool: 'docker buildx', at, cacheFrom: set('from'), cacheTo: set('to') }];
}

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}
