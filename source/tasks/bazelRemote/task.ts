import { likeCache } from '../probe.ts';
import type { Task } from '../task.ts';
import { buildTwice } from './buildTwice.ts';
import { asDayTwo, dayTwoOptions } from './dayTwo/options.ts';
import { dayTwoSettings, planDayTwo } from './dayTwo/plan.ts';
import { clusterSettings, planCluster } from './kubernetes/plan.ts';
import { clusterReady } from './kubernetes/ready.ts';
import { bazelRemoteOptions, isCluster } from './options.ts';
import { bazelRemoteSettings, planBazelRemote } from './plan.ts';
import { bazelRemoteReady } from './ready.ts';
import { verifyBazelRemote } from './verify.ts';

export const bazelRemote: Task = {
  number: 10,
  name: 'bazel-remote',
  title: 'Share a Bazel cache on honey',
  wave: 'Wave 4 · Phase 2b',
  dependsOn: [9],
  promise: '10–15× with a shared team cache',
  probe: (known) => likeCache(known, 'cache/bazel-remote'),
  options: ({ known }) => Promise.resolve([...bazelRemoteOptions, ...dayTwoOptions(known)]),
  settings: (planning) => {
    const { option } = planning.choice;
    if (asDayTwo(option)) return dayTwoSettings(planning);
    return isCluster(option) ? clusterSettings(planning) : bazelRemoteSettings(planning);
  },
  plan: (planning) => {
    const { option } = planning.choice;
    if (asDayTwo(option)) return planDayTwo(planning);
    return isCluster(option) ? planCluster(planning) : planBazelRemote(planning);
  },
  verify: verifyBazelRemote,
  probes: {
    'bazel-remote-ready': bazelRemoteReady,
    'bazel-remote-cluster-ready': clusterReady,
    'bazel-build-twice': buildTwice,
  },
};
