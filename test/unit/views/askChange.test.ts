import { expect, test } from 'vitest';
import type { Pipeline } from '../../../source/core/gitlab/model.ts';
import type { Host } from '../../../views/host.ts';
import { askChange } from '../../../views/pipeline/whatIf/askChange.ts';

const job = (name: string, stage: string, needs: string[] | null = null) => ({
  name,
  stage,
  needs,
  when: 'on_success' as const,
  allowFailure: false,
  tags: ['linux'],
  duration: 90,
});
const plan = { stages: ['build', 'test'], jobs: [job('a', 'build'), job('b', 'test', ['a'])] };

/** Asks for a change with these answers, one a question; no more of them is Esc. */
async function asked(...answers: readonly string[]) {
  const left = [...answers];
  const said: string[] = [];
  const next = (): Promise<string | undefined> => Promise.resolve(left.shift());
  const host = {
    ask: { text: next, choice: next },
    notify: (text: string) => void said.push(text),
  } as unknown as Host;
  const thought = await askChange(host, { plan, pipeline: {} as Pipeline, suggested: 'a' });
  return { change: thought?.changes[0], said };
}

test.each([
  [['stage', 'a', 'test'], { kind: 'stage', job: 'a', stage: 'test' }],
  [['duration', ' a ', '1m 30s'], { kind: 'duration', job: 'a', seconds: 90 }],
  [['tags', 'a', 'nix, , linux'], { kind: 'tags', job: 'a', tags: ['nix', 'linux'] }],
  [['needs', 'b', ''], { kind: 'needs', job: 'b', needs: [] }],
  [['needs', 'b', '-'], { kind: 'needs', job: 'b', needs: null }],
  [['needs', 'b', 'a'], { kind: 'needs', job: 'b', needs: ['a'] }],
  [['remove', 'b'], { kind: 'remove', job: 'b' }],
  [
    ['runner', '', '2'],
    { kind: 'runner', runner: { name: 'runner more 0', tags: [], runUntagged: true, concurrent: 2 } },
  ],
  [
    ['runner', 'nix', '1'],
    { kind: 'runner', runner: { name: 'runner more 0', tags: ['nix'], runUntagged: false, concurrent: 1 } },
  ],
])('%j', async (answers, change) => {
  expect(await asked(...answers)).toEqual({ change, said: [] });
});

test.each(['stage', 'duration', 'tags', 'needs', 'remove', 'runner'])(
  'Esc at any question about %s changes nothing and says nothing',
  async (kind) => {
    for (const answers of [[], [kind], [kind, 'a']]) {
      const { change, said } = await asked(...answers);
      if (kind === 'remove' && answers.length === 2) expect(change).toEqual({ kind, job: 'a' });
      else expect(change).toBeUndefined();
      expect(said).toEqual([]);
    }
  },
);

test.each([
  [['stage', 'c'], 'there is no job c in this pipeline'],
  [['duration', 'a', 'soon'], 'soon is no duration; write 25m or 90s'],
  [['needs', 'b', 'a, c, d'], 'there is no job c, d in this pipeline'],
  [['runner', '', '0'], 'a runner has at least one place; nothing was changed'],
  [['runner', '', 'many'], 'a runner has at least one place; nothing was changed'],
])('%j makes no sense, and says why', async (answers, why) => {
  expect(await asked(...answers)).toEqual({ change: undefined, said: [why] });
});
