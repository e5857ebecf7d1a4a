import { likeCache } from './probe.ts';
import type { Task } from './task.ts';

export const bazelDiskCache: Task = {
  number: 9,
  name: 'bazel-disk-cache',
  title: 'Keep Bazel’s disk cache',
  wave: 'Wave 4 · Phase 2a',
  dependsOn: [],
  probe: (known) => likeCache(known, 'cache/bazel-disk'),
};

export const bazelRemote: Task = {
  number: 10,
  name: 'bazel-remote',
  title: 'Share a Bazel cache on honey',
  wave: 'Wave 4 · Phase 2b',
  dependsOn: [9],
  promise: '10–15× with a shared team cache',
  probe: (known) => likeCache(known, 'cache/bazel-remote'),
};
