import { likeCache } from '../probe.ts';
import type { Task } from '../task.ts';
import { buildTwice } from './buildTwice.ts';
import { bazelRemoteOptions } from './options.ts';
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
  options: () => Promise.resolve(bazelRemoteOptions),
  settings: bazelRemoteSettings,
  plan: planBazelRemote,
  verify: verifyBazelRemote,
  probes: { 'bazel-remote-ready': bazelRemoteReady, 'bazel-build-twice': buildTwice },
};
