import { parseLabel } from '../../../core/bazelRemote/deployment.ts';
import { claimLabel, clusterLabel } from '../../../core/bazelRemote/manifest.ts';
import { NeedsUser } from '../../../core/failure.ts';
import { planFor } from '../../engine/planFor.ts';
import { waitStep } from '../../engine/steps.ts';
import type { Planned, Planning, Preflight, TaskSetting } from '../../task.ts';
import { bazelrcStep } from '../files.ts';
import { pinImage } from '../image.ts';
import { jobCheck } from '../jobCheck.ts';
import { checkCluster } from './checks.ts';
import { type ClusterChoice, type ClusterChoosing, chooseCluster, placeOf } from './choose.ts';
import { type ClusterSurvey, type Found, surveyCluster } from './cluster.ts';
import { clusterSteps } from './steps.ts';

export async function clusterSettings(planning: Planning): Promise<readonly TaskSetting[]> {
  return (await chosen(planning)).choosing.settings;
}

/** Looks at the cluster and says what would be applied; refuses while something is in the way. */
export async function planCluster(planning: Planning): Promise<Planned> {
  const { workspace, choice, signal } = planning;
  const { choosing, survey, running } = await chosen(planning);
  const { deployment } = choosing.chosen;
  const pinned = await pinImage(
    workspace,
    deployment.image,
    { survey: { hasImage: false, digests: [] }, ...(running === undefined ? {} : { running }) },
    signal,
  );
  const ready = { ...choosing.chosen, deployment: { ...deployment, image: pinned.image } };
  const isReachedElsewhere = choice.settings.endpoint !== undefined;
  const client = isReachedElsewhere ? await bazelrcStep(planning, clientOf(ready)) : undefined;
  const preflight: Preflight[] = [
    ...choosing.problems,
    ...checkCluster(ready, survey),
    pinned.check,
    ...(client?.checks ?? [
      {
        id: 'bazelrc',
        title: '.bazelrc',
        state: 'warning',
        saw: `${ready.endpoint} is a name within the cluster alone: .bazelrc is left as it is`,
        fix: 'Set what reaches it from where builds run: --set endpoint=HOST',
      },
    ]),
    ...(ready.hasJobCheck
      ? [
          await jobCheck(
            workspace,
            { endpoint: ready.endpoint, client: ready.client, httpPort: 8080 },
            signal,
          ),
        ]
      : []),
  ];
  const [first] = preflight.filter(({ state }) => state === 'problem');
  if (first) return { refused: `${first.title}: ${first.saw}`, preflight };
  const { name, namespace } = ready.deployment;
  const applied = clusterSteps(ready, survey);
  const isSame = isAsWanted(ready, survey);
  const wait = waitStep({
    id: 'wait-until-ready',
    title: 'Wait until it keeps what it is given',
    target: `${name} in ${namespace}`,
    probe: 'bazel-remote-cluster-ready',
    settings: { context: ready.context ?? '', namespace, name },
    timeout: 300,
  });
  return {
    preflight,
    plan: planFor(planning, {
      task: 'bazel-remote',
      steps: [
        ...(isSame
          ? []
          : [
              ...applied,
              {
                ...wait,
                effect: 'remote' as const,
                preview: {
                  text: 'Look, for 300 s at most, until: the rollout is complete, and a blob and an action result that are stored through the API server’s proxy come back. The two stay in the cache: they are always the same, and are a few bytes.',
                },
                undo: { text: 'The two entries stay: bazel-remote deletes nothing on request.' },
              },
            ]),
        ...(client?.steps ?? []),
      ],
    }),
  };
}

interface Chosen {
  readonly choosing: ClusterChoosing;
  readonly survey: ClusterSurvey;
  /** The image that runs now. */
  readonly running?: string;
}

async function chosen({ workspace, choice, signal }: Planning): Promise<Chosen> {
  if (choice.target === 'trial')
    throw new NeedsUser({
      tried: 'plan bazel-remote',
      saw: 'it changes a cluster: that is tried out nowhere else',
      next: ['Plan it with --target worktree, or merge-request for .bazelrc.'],
      code: 'no-such-target',
    });
  const survey = await surveyCluster(placeOf(choice.settings), signal);
  const { deployment } = survey;
  const there = deployment.state === 'there' ? (deployment.settings ?? {}) : {};
  const tools = await workspace.toolchain.look(signal).catch(() => []);
  const version = tools.find((tool) => tool.name === 'bazel')?.version;
  const bazel = version && 'value' in version ? version.value : undefined;
  const choosing = chooseCluster(choice.settings, there, bazel);
  return { choosing, survey, ...(there.image === undefined ? {} : { running: there.image }) };
}

function clientOf({
  bazelrc,
  client,
  endpoint,
}: ClusterChoice): Pick<ClusterChoice, 'bazelrc' | 'client' | 'endpoint'> {
  return { bazelrc, client, endpoint };
}

/** Whether all objects carry these settings. */
function isAsWanted({ deployment }: ClusterChoice, survey: ClusterSurvey): boolean {
  const { claim, service, deployment: running } = survey;
  const carries = (found: Found, label: string): boolean =>
    found.state === 'there' &&
    found.settings !== undefined &&
    sorted(found.settings) === sorted(parseLabel(label) ?? {});
  return (
    carries(claim, claimLabel(deployment)) &&
    [running, service].every((found) => carries(found, clusterLabel(deployment)))
  );
}

function sorted(settings: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}
