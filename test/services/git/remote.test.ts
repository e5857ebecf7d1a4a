import { expect, test } from 'vitest';
import { parseRemote } from '../../../source/services/git/remote.ts';

test.each([
  ['git@gitlab.com:tinyland/ai/huskycat.git', 'gitlab.com', 'tinyland/ai/huskycat'],
  ['work-alias:tinyland/huskycat.git', 'work-alias', 'tinyland/huskycat'],
  ['ssh://git@gitlab.example.com:2222/tinyland/huskycat.git', 'gitlab.example.com:2222', 'tinyland/huskycat'],
  ['https://token@example.com/gitlab/tinyland/huskycat', 'example.com', 'gitlab/tinyland/huskycat'],
])('%s', (url, host, path) => {
  expect(parseRemote(url)).toEqual({ host, path });
});

test.each(['/srv/git/huskycat.git', '../huskycat', 'file:///srv/huskycat.git', 'huskycat'])(
  '%s is no server',
  (url) => {
    expect(parseRemote(url)).toBeUndefined();
  },
);
