import { parseBuildCount } from '../../core/bazelRemote/clientFlags.ts';
import { Unavailable } from '../../core/failure.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { plain } from '../../core/text/safe.ts';
import { runChanging } from '../../services/process/run.ts';
import type { Workspace } from '../../services/workspace.ts';
import { waitStep } from '../engine/steps.ts';
import type { ReadinessProbe } from '../readiness.ts';

/** Milliseconds that one build may take. */
const longest = 3 * 60 * 60 * 1000;

/** Builds everything, cleans, and builds again: what the second build takes from the cache is the evidence. */
export const buildTwice: ReadinessProbe = async (workspace, { root = '', config = '' }, signal) => {
  const build = [
    'bazel',
    'build',
    ...(config === '' ? [] : [`--config=${config}`]),
    '--disk_cache=',
    '//...',
  ] as const;
  await run(workspace, root, ['bazel', 'clean'], signal);
  const first = parseBuildCount(await run(workspace, root, build, signal));
  await run(workspace, root, ['bazel', 'clean'], signal);
  const second = parseBuildCount(await run(workspace, root, build, signal));
  if (!first || !second)
    return { isReady: true, saw: 'built twice, and Bazel did not say what came from the cache' };
  if (second.actions === 0)
    return { isReady: true, saw: 'built twice: it has no actions, so there is nothing to cache' };
  const saw = `${second.remoteHits} of ${second.actions} actions of the second build came from the cache, ${first.remoteHits} of the first`;
  return { isReady: second.remoteHits > 0, saw };
};

/** The step that does it. */
export function buildTwiceStep(root: string, isConditional: boolean): PlanStep {
  const config = isConditional ? 'remote' : '';
  const step = waitStep({
    id: 'build-twice',
    title: 'Build twice with a clean in between',
    target: root,
    probe: 'bazel-build-twice',
    settings: { root, config },
    timeout: 1,
  });
  const build = `bazel build ${config === '' ? '' : `--config=${config} `}--disk_cache= //...`;
  return {
    ...step,
    effect: 'local',
    preview: {
      text: `In ${root}, twice: bazel clean, then ${build}; without the disk cache, which would hide the hits.`,
    },
    undo: { text: 'What Bazel built stays in its own folders.' },
  };
}

async function run(
  { gate }: Workspace,
  cwd: string,
  argv: readonly [string, ...string[]],
  signal: AbortSignal | undefined,
): Promise<string> {
  const title = argv.join(' ');
  return gate.perform(
    {
      title,
      effect: 'local',
      target: cwd,
      detail: JSON.stringify(argv),
      undo: { text: 'What Bazel built stays in its own folders.' },
      task: 'bazel-remote',
      perform: async (grant, given) => {
        const { code, stdout, stderr } = await runChanging(grant, argv, {
          cwd,
          timeout: longest,
          signal: given,
        });
        if (code === 0) return `${stdout}\n${stderr}`;
        const said = stderr.split('\n').findLast((line) => /^ERROR|^FAILED/.test(line)) ?? '';
        throw new Unavailable({
          tried: title,
          saw: plain(`exit status ${code}: ${said}`, 300),
          next: [`Run it in ${cwd} to see what it says, then resume.`],
          code: 'build-failed',
        });
      },
      result: () => 'built',
    },
    signal,
  );
}
