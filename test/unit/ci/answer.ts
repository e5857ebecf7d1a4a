import { expect } from 'vitest';
import { ask, messages, names, type Question } from './ask.ts';

export type Answer = readonly [text: string, question: Question, answer: string | readonly string[]];

export function checkAnswer(...[text, question, answer]: Answer): void {
  const set = ask(text, question);
  if (typeof answer === 'string') {
    expect(messages(set).join('\n')).toContain(answer);
    return;
  }
  expect(messages(set)).toEqual([]);
  expect(names(set)).toEqual([...answer].sort());
}
