import { scriptLines } from '../ci/checks/rule.ts';
import type { Configuration, Place } from '../ci/model.ts';

export type BuildTool = 'docker build' | 'docker buildx' | 'kaniko' | 'buildkit' | 'buildah';

/** A step of a CI job that builds a container image. */
export interface ImageBuild {
  readonly job: string;
  readonly tool: BuildTool;
  readonly at: Place;
  /** What layers are read from and written to, as written: `type=registry,ref=…`. */
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
}

const tools: readonly [RegExp, BuildTool][] = [
  [/\bdocker\s+buildx\s+(?:build|bake)\b/, 'docker buildx'],
  [/\bdocker\s+(?:image\s+)?build\b/, 'docker build'],
  [/\/kaniko\/executor\b/, 'kaniko'],
  [/\bbuildctl(?:-daemonless\.sh)?\b[^\n]*\bbuild\b/, 'buildkit'],
  [/\bbuildah\s+(?:build|bud|build-using-dockerfile)\b/, 'buildah'],
];

/** Every image build of a configuration, in the order of its jobs; continued lines are read as one. */
export function imageBuilds({ jobs }: Configuration): ImageBuild[] {
  return [...jobs.values()].flatMap(({ name, keywords }) =>
    scriptLines(keywords, 'before_script', 'script').flatMap(({ text, node }) =>
      commands(text).flatMap(({ command, line }) => {
        const tool = tools.find(([pattern]) => pattern.test(command))?.[1];
        if (tool === undefined) return [];
        const { file, line: first, column } = node.span;
        const at = { file, line: first + line, column };
        return [{ job: name, tool, at, ...cachesOf(tool, command) }];
      }),
    ),
  );
}

function commands(text: string): { command: string; line: number }[] {
  const found: { command: string; line: number }[] = [];
  let start = 0;
  let pending = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (pending === '') start = index;
    const isContinued = /\\\s*$/.test(line);
    pending += `${isContinued ? line.replace(/\\\s*$/, ' ') : line}`;
    if (isContinued) continue;
    if (!/^\s*#/.test(pending)) found.push({ command: pending, line: start });
    pending = '';
  }
  if (pending !== '') found.push({ command: pending, line: start });
  return found;
}

function cachesOf(tool: BuildTool, command: string): Pick<ImageBuild, 'cacheFrom' | 'cacheTo'> {
  if (tool === 'kaniko') {
    const repository = flags(command, 'cache-repo');
    const isOn = /--cache(?:=true|\s|$)/.test(command);
    const caches = isOn ? (repository.length > 0 ? repository : ['the destination, /cache']) : [];
    return { cacheFrom: caches, cacheTo: caches };
  }
  if (tool === 'buildkit')
    return { cacheFrom: flags(command, 'import-cache'), cacheTo: flags(command, 'export-cache') };
  return { cacheFrom: flags(command, 'cache-from'), cacheTo: flags(command, 'cache-to') };
}

function flags(command: string, name: string): string[] {
  return [...command.matchAll(new RegExp(`--${name}[= ]+(?:"([^"]*)"|'([^']*)'|(\\S+))`, 'g'))].flatMap(
    ([, double, single, bare]) => double ?? single ?? bare ?? [],
  );
}
