import { expect, test } from 'vitest';
import type { TaskOption } from '../../../source/tasks/task.ts';
import { choiceLines } from '../../../views/tasks/present.ts';
import { glyphsOf } from '../../../views/text/glyphs.ts';
import { lineText } from '../../../views/text/line.ts';

test('what is to be written by hand stands under the way that is chosen, each line as it is', () => {
  const option = (name: string): TaskOption => ({
    name,
    title: name,
    tradeOff: '',
    possible: false,
    because: 'it is built elsewhere',
    byHand: ['services:', `  ${name}: build`],
    recommended: false,
  });
  const state = {
    stage: 'choosing',
    settings: [],
    set: {},
    target: 'worktree',
    steps: [],
    isUndo: false,
  } as const;
  const drawing = { width: 60, glyphs: glyphsOf(false), now: 0 };
  const past = { resume: false, undo: false };
  const { lines } = choiceLines(
    undefined,
    { ...state, options: [option('a'), option('b')], option: 'b' },
    { canPlan: false, past },
    drawing,
  );
  const texts = lines.map(lineText);
  expect(texts.filter((text) => text.includes('by hand'))).toHaveLength(1);
  expect(texts.slice(-2)).toEqual(['    services:', '      b: build']);
});
