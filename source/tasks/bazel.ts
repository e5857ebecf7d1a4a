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
