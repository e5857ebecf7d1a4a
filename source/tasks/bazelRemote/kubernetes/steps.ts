import {
  type ClusterDeployment,
  claimObject,
  manifest,
  namespaceObject,
  runningObjects,
} from '../../../core/bazelRemote/manifest.ts';
import type { PlanStep } from '../../../core/plan/plan.ts';
import { type CommandChange, commandStep } from '../../engine/steps.ts';
import type { ClusterChoice } from './choose.ts';
import { type ClusterSurvey, type Found, kubectl } from './cluster.ts';

type Argv = [string, ...string[]];

/** Who applies: fields of others stay theirs. */
const manager = '--field-manager=huskycat-tui';

/**
 * Small programs for a shell on this machine. Arguments: namespace, manifest, then the words that call kubectl. kubectl diff ends
 * with 0 without a difference and with 1 with one; where the namespace is not there yet, all is one. It reads what is there and
 * what would be one after the other, so that what a controller writes in between is a difference too: only one that stays is.
 */
const isApplied = `n=$1 m=$2; shift 2
o=$("$@" get namespace "$n" --ignore-not-found --output=name) || exit 3
if [ -z "$o" ]; then echo "there is no namespace $n"; exit 1; fi
i=0 s=1
while [ "$s" -eq 1 ] && [ "$i" -lt 4 ]; do
  d=$(printf '%s' "$m" | "$@" diff --server-side ${manager} -f - 2>&1); s=$?
  i=$((i + 1))
done
case $s in
0) echo "it is as wanted" ;;
1) echo "it differs" ;;
*) printf '%s\\n' "$d" ;;
esac
exit $s`;

const isThere = `n=$1; shift
o=$("$@" get namespace "$n" --ignore-not-found --output=name) || exit 3
[ -n "$o" ]`;

/** A namespace with somebody’s claim in it stays: removing it would remove the data. */
const removeNamespace = `n=$1; shift
o=$("$@" get persistentvolumeclaim --namespace="$n" --output=name) || exit 3
if [ -n "$o" ]; then echo "it holds data: $o" >&2; exit 1; fi
"$@" delete namespace "$n" --ignore-not-found --timeout=120s`;

export function clusterSteps(chosen: ClusterChoice, survey: ClusterSurvey): PlanStep[] {
  const { context, deployment } = chosen;
  const { namespace } = deployment;
  const call = kubectl(context);
  return [
    ...(survey.hasNamespace
      ? []
      : [
          step({
            id: 'make-namespace',
            title: `Make the namespace ${namespace}`,
            target: `namespace ${namespace}`,
            command: {
              argv: [...call, 'apply', '--server-side', manager, '-f', '-'],
              input: { text: manifest([namespaceObject(namespace)]) },
              unless: ['sh', '-c', isThere, 'sh', namespace, ...call],
              ...(chosen.removesClaim
                ? { undo: [{ argv: ['sh', '-c', removeNamespace, 'sh', namespace, ...call] as Argv }] }
                : {}),
              timeout: 180,
            },
            undo: {
              text: chosen.removesClaim
                ? `Remove the namespace ${namespace}, unless somebody else’s data are in it.`
                : `The namespace ${namespace} stays with the claim.`,
            },
          }),
        ]),
    claimStep(chosen, call, survey.claim),
    runningStep(deployment, call, survey.deployment),
  ];
}

function claimStep({ deployment, removesClaim }: ClusterChoice, call: Argv, claim: Found): PlanStep {
  const { name, namespace } = deployment;
  const text = manifest([claimObject(deployment)]);
  const remove: Argv = [
    ...call,
    'delete',
    'persistentvolumeclaim',
    name,
    `--namespace=${namespace}`,
    '--ignore-not-found',
    '--timeout=120s',
  ];
  const isRemoved = removesClaim && claim.state === 'absent';
  return step({
    id: 'apply-claim',
    title: `Claim room for ${deployment.size} GiB`,
    target: `claim ${name} in ${namespace}`,
    command: {
      argv: [...call, 'apply', '--server-side', manager, '-f', '-'],
      input: { text },
      unless: ['sh', '-c', isApplied, 'sh', namespace, text, ...call],
      ...(isRemoved ? { undo: [{ argv: remove }] } : {}),
    },
    undo: {
      text: isRemoved
        ? `Remove the claim ${name}, and the data.`
        : `The claim ${name} stays with its data; to remove it: kubectl delete pvc ${name} --namespace=${namespace}`,
    },
  });
}

/** What ran before is known from the settings that its objects carry. */
function runningStep(deployment: ClusterDeployment, call: Argv, there: Found): PlanStep {
  const { name, namespace } = deployment;
  const text = manifest(runningObjects(deployment));
  const before =
    there.state === 'there' && there.settings ? withSettings(deployment, there.settings) : undefined;
  return step({
    id: 'apply-cache',
    title: `Run bazel-remote as ${name} in ${namespace}`,
    target: `deployment and service ${name} in ${namespace}`,
    command: {
      argv: [...call, 'apply', '--server-side', manager, '-f', '-'],
      input: { text },
      unless: ['sh', '-c', isApplied, 'sh', namespace, text, ...call],
      undo: [
        before
          ? {
              argv: [...call, 'apply', '--server-side', manager, '-f', '-'],
              input: { text: manifest(runningObjects(before)) },
            }
          : {
              argv: [...call, 'delete', '--ignore-not-found', '--wait=true', '--timeout=120s', '-f', '-'],
              input: { text },
            },
      ],
      timeout: 180,
    },
    undo: {
      text: before ? `Apply what ran before.` : `Remove the deployment and the service ${name}; data stay.`,
    },
  });
}

function withSettings(
  deployment: ClusterDeployment,
  settings: Readonly<Record<string, string>>,
): ClusterDeployment {
  const { name, namespace } = deployment;
  const { image = deployment.image, size, service, memory, cpus } = settings;
  const storageClass = settings['storage-class'];
  return {
    name,
    namespace,
    image,
    size: Number(size ?? deployment.size),
    hasMetrics: settings.metrics !== 'off',
    service: service === 'NodePort' || service === 'LoadBalancer' ? service : 'ClusterIP',
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
  };
}

function step(
  given: Omit<CommandChange, 'command' | 'effect'> & {
    command: Omit<CommandChange['command'], 'where'>;
  },
): PlanStep {
  return commandStep({ ...given, effect: 'remote', command: { ...given.command, where: 'here' } });
}
