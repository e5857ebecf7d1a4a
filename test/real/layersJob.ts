import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { staticVariables } from '../../source/core/ci/checks/shared.ts';
import type { CiFiles } from '../../source/core/ci/model.ts';
import { flatItems, get, textOf } from '../../source/core/ci/yaml/node.ts';
import type { LayerOption } from '../../source/core/container/layerOption.ts';
import { marksFor } from '../../source/tasks/containerLayers/marks.ts';
import { marksIn } from '../../source/tasks/rollout/logMarks.ts';
import { setOf } from '../unit/container/layers.ts';
import type { ProjectRegistry } from './projectRegistry.ts';

/** A job of a configuration, as a runner gets it. */
export interface RunnerJob {
  readonly name: string;
  readonly script: readonly string[];
  /** As they are written. */
  readonly variables: Readonly<Record<string, string>>;
}

export function runnerJob(files: CiFiles, name: string): RunnerJob {
  const { configuration } = setOf(files);
  const job = configuration.jobs.get(name);
  if (!job) throw new Error(`no job ${name}`);
  const script = ['before_script', 'script'].flatMap((keyword) =>
    flatItems(get(job.keywords, keyword)).map((node) => textOf(node) ?? ''),
  );
  return { name, script, variables: staticVariables(configuration, job) };
}

/** A push to a branch. */
export interface Push {
  /** Of the project, below the registry. */
  readonly project: string;
  readonly ref: string;
  readonly isProtected: boolean;
  readonly sha: string;
}

/** What GitLab sets for a job of a push, in the folder where the runner has checked it out. */
export function predefined(
  registry: ProjectRegistry,
  { project, ref, isProtected, sha }: Push,
  folder: string,
): Record<string, string> {
  return {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_PROJECT_DIR: folder,
    CI_PROJECT_PATH: project,
    CI_REGISTRY: registry.host,
    CI_REGISTRY_IMAGE: `${registry.host}/${project}`,
    CI_JOB_TOKEN: registry.password,
    CI_REGISTRY_USER: registry.user,
    CI_REGISTRY_PASSWORD: registry.password,
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_BRANCH: ref,
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: ref.toLowerCase().replace(/[^a-z0-9]/g, '-'),
    CI_COMMIT_REF_PROTECTED: String(isProtected),
    CI_DEFAULT_BRANCH: 'main',
    CI_PIPELINE_SOURCE: 'push',
  };
}

/** Variables with those that their values name, as the runner expands them. */
export function expanded(
  variables: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const all: Record<string, string> = { ...variables, ...given };
  const value = (text: string, depth = 0): string =>
    depth > 5
      ? text
      : text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) =>
          value(all[braced ?? bare] ?? '', depth + 1),
        );
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [name, value(text)]));
}

export interface JobRun {
  readonly status: number | null;
  /** What it printed on both streams, in order. */
  readonly log: string;
}

/**
 * Runs a script as the runner's shell does: piped into a shell that reads it from standard input, each entry printed before it
 * runs, the first failure ending all (https://gitlab.com/gitlab-org/gitlab-runner, shells/bash.go).
 */
export async function runAsRunner(
  [program = '', ...args]: readonly string[],
  script: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<JobRun> {
  const lines = script.flatMap((text) => [`echo ${quoted(`$ ${text.split('\n')[0]}`)}`, text]);
  const whole = [
    'exec 2>&1',
    'if set -o | grep pipefail > /dev/null; then set -o pipefail; fi; set -o errexit',
    'set +o noclobber',
    `: | eval ${quoted(lines.join('\n'))}`,
    'exit 0',
    '',
  ].join('\n');
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      log += piece;
    });
  child.stdin.on('error', () => undefined);
  child.stdin.end(whole);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { status, log };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What the task reads from a log of this way. */
export function shownBy(log: string, option: LayerOption): Promise<readonly string[]> {
  async function* trace(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(log);
  }
  return marksIn({ trace: async () => trace() }, 1, marksFor(['build'], option));
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
