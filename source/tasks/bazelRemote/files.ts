import { editRemoteCache } from '../../core/bazel/editRemoteCache.ts';
import { clientFlags } from '../../core/bazelRemote/clientFlags.ts';
import { authorityOf } from '../../core/bazelRemote/deployment.ts';
import type { PlanStep } from '../../core/plan/plan.ts';
import { changeSteps, type TitledChange } from '../engine/steps.ts';
import type { Planning, Preflight } from '../task.ts';
import { certificateFile } from './certificate.ts';
import type { Deploying } from './deploying.ts';
import { readAuthority } from './ready.ts';
import type { Site } from './site.ts';

export interface ClientSteps {
  readonly steps: readonly PlanStep[];
  readonly checks: readonly Preflight[];
  /** Of the checkout, when it uses the cache. */
  readonly root?: string;
}

/** The steps that let Bazel use the endpoint, in the checkout or as a merge request, and what there is to say of it. */
export async function bazelrcStep(
  planning: Planning,
  deploying: Pick<Deploying, 'bazelrc' | 'client' | 'endpoint'> & Partial<Pick<Deploying, 'deployment'>>,
  site?: Site,
): Promise<ClientSteps> {
  const { bazelrc, client, endpoint, deployment } = deploying;
  const { workspace, known, choice, signal } = planning;
  if (bazelrc === 'none') return { steps: [], checks: [] };
  const command = bazelrc === 'config' ? 'build:remote' : 'build';
  const line = { id: 'bazelrc', title: '.bazelrc' };
  const authority = deployment ? authorityOf(deployment) : undefined;
  const certificate =
    authority === undefined || !site ? undefined : await readAuthority(site.place, authority, signal);
  if (authority !== undefined && certificate === undefined)
    return {
      steps: [],
      checks: [
        {
          ...line,
          state: 'warning',
          saw: `it needs ${authority}, which is not there yet, so what is to be trusted cannot be shown: once this plan is applied, plan again for .bazelrc`,
        },
      ],
    };
  let paste: string | undefined;
  const changes: TitledChange[] = [
    ...(certificate === undefined
      ? []
      : [{ path: certificateFile, title: 'Trust its certificate', change: () => certificate }]),
    {
      path: '.bazelrc',
      title: `Let Bazel use ${endpoint}${bazelrc === 'config' ? ' with --config=remote' : ''}`,
      change(before) {
        const edit = editRemoteCache(before, clientFlags(client), command);
        if ('text' in edit) return edit.text;
        paste = `${edit.unexpected}. It is left as it is; the lines to put into it:\n${edit.lines.join('\n')}`;
        return before ?? '';
      },
    },
  ];
  const steps = await changeSteps({
    planning,
    task: 'bazel-remote',
    changes,
    title: `Let Bazel use the shared cache at ${endpoint}`,
    description: describe(deploying),
  });
  if (paste !== undefined) return { steps: [], checks: [{ ...line, state: 'warning', saw: paste }] };
  const claims = known.facts?.bazel.claims ?? [];
  const others = claims.filter(
    ({ topic, file, value, isActive }) =>
      topic === 'remote-cache' && isActive && file !== '.bazelrc' && value !== endpoint,
  );
  const isProposed = choice.target === 'merge-request';
  const root = isProposed ? undefined : (await workspace.openCheckout(signal)).root;
  return {
    ...(root === undefined ? {} : { root }),
    steps,
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

/** Of the merge request: why, on what evidence, and what it will bring. */
function describe({ bazelrc, endpoint, client }: Pick<Deploying, 'bazelrc' | 'endpoint' | 'client'>): string {
  return [
    `A bazel-remote answers at \`${endpoint}\`: over HTTP and gRPC, and it gave back what was stored in it. This lets builds use it.`,
    bazelrc === 'config'
      ? 'Builds that ask for it with `--config=remote` take from it what others built; all others go on as before.'
      : 'Every build uses it. Where it cannot be reached builds wait for it, then go on by themselves (`--remote_local_fallback`).',
    `\`--remote_timeout=${client.timeout}\`: Bazel retries five times, so a longer one lets a server that stalls hold a build for hours.`,
    ...(client.certificate === undefined
      ? []
      : [`\`${client.certificate}\` is the certificate to trust; it is public.`]),
    'Not tested: whether the jobs of GitLab reach it, which is only seen from there.',
  ].join('\n\n');
}
