import type { Preflight } from '../../task.ts';
import type { ClusterChoice } from './choose.ts';
import type { ClusterSurvey, Found } from './cluster.ts';

/** What a deployment needs of its cluster, each with what was seen. */
export function checkCluster(chosen: ClusterChoice, survey: ClusterSurvey): Preflight[] {
  const { client, server } = survey;
  if (client === undefined)
    return [
      {
        id: 'kubectl',
        title: 'kubectl',
        state: 'problem',
        saw: 'it is not installed here, or not on PATH',
        fix: 'Install kubectl, and a configuration for the cluster (KUBECONFIG).',
      },
    ];
  const line: Preflight = { id: 'kubectl', title: 'kubectl', state: 'fine', saw: client };
  if ('saw' in server)
    return [
      line,
      {
        id: 'cluster',
        title: 'cluster',
        state: 'problem',
        saw: server.saw,
        fix: 'Choose a context that answers: --set context=NAME (kubectl config get-contexts)',
      },
    ];
  return [
    line,
    { id: 'cluster', title: 'cluster', state: 'fine', saw: `answers, ${server.version}` },
    rights(chosen, survey),
    storage(chosen, survey),
    ...objects(chosen, survey),
    reach(chosen),
    {
      id: 'not-checked',
      title: 'not checked',
      state: 'warning',
      saw: 'whether the storage has the room, quotas, policies for networks and pods; TLS and logins are not set up in a cluster: whoever reaches the service may write',
    },
  ];
}

function rights({ deployment: { namespace } }: ClusterChoice, { forbidden }: ClusterSurvey): Preflight {
  const line = { id: 'rights', title: `rights in ${namespace}` };
  return forbidden.length === 0
    ? { ...line, state: 'fine', saw: 'deployments, services and claims may be made' }
    : {
        ...line,
        state: 'problem',
        saw: `you may not ${forbidden.join(', ')}`,
        fix: 'Ask for the role edit in that namespace, or choose another.',
      };
}

function storage(
  { deployment: { storageClass } }: ClusterChoice,
  { storageClasses }: ClusterSurvey,
): Preflight {
  const line = { id: 'storage', title: 'storage class' };
  const names = storageClasses.map(({ name }) => name).join(', ') || 'none';
  if (storageClass !== undefined)
    return storageClasses.some(({ name }) => name === storageClass)
      ? { ...line, state: 'fine', saw: storageClass }
      : {
          ...line,
          state: 'problem',
          saw: `there is no ${storageClass}; there are: ${names}`,
          fix: '--set storage-class=NAME',
        };
  const usual = storageClasses.find(({ isDefault }) => isDefault);
  return usual
    ? { ...line, state: 'fine', saw: `${usual.name}, the cluster’s default` }
    : {
        ...line,
        state: 'problem',
        saw: `the cluster has no default; there are: ${names}`,
        fix: '--set storage-class=NAME',
      };
}

function objects(
  { deployment: { name } }: ClusterChoice,
  { deployment, service, claim }: ClusterSurvey,
): Preflight[] {
  const named: readonly (readonly [string, Found])[] = [
    ['deployment', deployment],
    ['service', service],
    ['claim', claim],
  ];
  return named.map(([kind, found]): Preflight => {
    const line = { id: kind, title: `${kind} ${name}` };
    if (found.state === 'unknown') return { ...line, state: 'problem', saw: found.saw };
    if (found.state === 'absent') return { ...line, state: 'fine', saw: 'absent: it will be made' };
    return found.settings
      ? { ...line, state: 'fine', saw: 'there, and made here' }
      : {
          ...line,
          state: 'problem',
          saw: 'it is there and was not made here: it is left as it is',
          fix: 'Choose another name: --set name=NAME, or another namespace',
        };
  });
}

function reach({ deployment: { service } }: ClusterChoice): Preflight {
  const line = { id: 'reach', title: `service ${service}` };
  return service === 'ClusterIP'
    ? { ...line, state: 'fine', saw: 'only the cluster reaches it' }
    : {
        ...line,
        state: 'warning',
        saw: 'everybody who reaches the nodes may write into the cache',
        fix: 'Restrict it with a NetworkPolicy, or --set service=ClusterIP',
      };
}
