import { expect, test } from 'vitest';
import type { Move } from '../../source/core/parallel/moves.ts';
import type { Valued } from '../../source/core/parallel/search.ts';
import { unsureTexts } from '../../source/tasks/parallelJobs/words.ts';

function valued(id: string, saved: number, more: Partial<Move> = {}, problems: string[] = []): Valued {
  const move = { id, kind: 'exact-needs', guesses: ['may use dist'], ...more };
  const gains = [
    { event: 'push', before: 600, after: 600 - saved },
    { event: 'schedule', before: 900, after: 600 },
  ];
  return { moves: [move], problems, value: { gains, score: saved, loss: 0 } } as unknown as Valued;
}

test('what rests on guesses is named with what it would save, where that counts', () => {
  const all = [
    valued('a:exact-needs', 42),
    valued('b:stage:test', 70, { kind: 'earlier-stage', guesses: [] }),
    valued('sure:exact-needs', 80, { guesses: [] }),
    valued('little:exact-needs', 4),
    valued('broken:exact-needs', 90, {}, ['it would lose an artifact']),
  ];
  expect(unsureTexts(all, { push: 1 }, 10)).toEqual([
    'not among them, since they rest on guesses or move a stage: a:exact-needs (42s), b:stage:test (1m 10s)',
  ]);
  expect(unsureTexts(all.slice(2), { push: 1 }, 10)).toEqual([]);
});
