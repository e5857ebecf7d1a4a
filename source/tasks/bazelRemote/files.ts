import { editRemoteCache } from '../../core/bazel/editRemoteCache.ts';
import { clientFlags } from '../../core/bazelRemote/clientFlags.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { fileStep } from '../engine/steps.ts';
import type { Planning, Preflight } from '../task.ts';
import type { Deploying } from './choose.ts';

/** The step that puts the endpoint into .bazelrc, and what there is to say of it. */
export async function bazelrcStep(
  { workspace, known, signal }: Planning,
  { bazelrc, client, endpoint }: Deploying,
): Promise<{
  readonly steps: readonly PlanStep[];
  readonly checks: readonly Preflight[];
  /** Of the checkout, when it uses the cache. */
  readonly root?: string;
}> {
  if (bazelrc === 'none') return { steps: [], checks: [] };
  const command = bazelrc === 'config' ? 'build:remote' : 'build';
  const line = { id: 'bazelrc', title: '.bazelrc' };
  const { root } = await workspace.openCheckout(signal);
  let paste: string | undefined;
  const step = await fileStep({
    id: 'edit-bazelrc',
    title: `Let Bazel use ${endpoint}${bazelrc === 'config' ? ' with --config=remote' : ''}`,
    root,
    path: '.bazelrc',
    change(before) {
      const edit = editRemoteCache(before, clientFlags(client), command);
      if ('text' in edit) return edit.text;
      paste = `${edit.unexpected}. It is left as it is; the lines to put into it:\n${edit.lines.join('\n')}`;
      return before ?? '';
    },
  });
  if (paste !== undefined) return { steps: [], checks: [{ ...line, state: 'warning', saw: paste }] };
  const claims = known.facts?.bazel.claims ?? [];
  const others = claims.filter(
    ({ topic, file, value, isActive }) =>
      topic === 'remote-cache' && isActive && file !== '.bazelrc' && value !== endpoint,
  );
  return {
    root,
    steps: step ? [step] : [],
    checks: [
      {
        ...line,
        state: bazelrc === 'unconditional' ? 'warning' : 'fine',
        saw:
          bazelrc === 'unconditional'
            ? 'every build asks the cache, also on machines that do not reach it: they wait, then go on by themselves'
            : 'builds use the cache when they ask for it: bazel build --config=remote',
      },
      ...others.map(
        ({ file, line: at, value }): Preflight => ({
          id: 'other-endpoint',
          title: `${file}:${at}`,
          state: 'warning',
          saw: `it names another cache: ${value ?? 'none'}`,
          fix: `Write ${endpoint} there too, or nothing.`,
        }),
      ),
    ],
  };
}
