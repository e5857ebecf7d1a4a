import { expect, test } from 'vitest';
import { troublesIn } from '../../../source/tasks/bazelRemote/kubernetes/troubles.ts';

test('what keeps pods from getting ready is told in the words of the cluster, and nothing else', () => {
  const items = [
    {
      kind: 'Deployment',
      status: {
        conditions: [
          { type: 'Progressing', status: 'True', message: 'ReplicaSet is progressing.' },
          { type: 'ReplicaFailure', status: 'True', message: 'pods "x" is forbidden: exceeded quota: none' },
        ],
      },
    },
    {
      kind: 'Pod',
      status: {
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }],
        containerStatuses: [
          { state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off\u001B[31m pulling image' } } },
          { state: { waiting: { reason: 'ContainerCreating' } } },
          { state: { running: {} } },
        ],
      },
    },
  ];
  expect(troublesIn(JSON.stringify({ items }))).toEqual([
    'pods "x" is forbidden: exceeded quota: none',
    '0/1 nodes are available',
    'ImagePullBackOff: Back-off pulling image',
  ]);
  for (const odd of ['', '{}', '{"items":[null,{"status":{"conditions":[1]}}]}', 'error: no']) {
    expect(troublesIn(odd)).toEqual([]);
  }
});
