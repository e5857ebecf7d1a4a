import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Scope } from '../../../views/actions/action.ts';
import { actions } from '../../../views/actions.ts';
import { keyTable } from '../../../views/present/commands.ts';

/** Scopes that can be on the screen together: those of a pane, or those of a full screen. */
const together: readonly (readonly Scope[])[] = [
  ...(['plan', 'caches', 'variables', 'signing', 'pipeline'] as const).map((pane): readonly Scope[] => [
    'global',
    'dashboard',
    'list',
    pane,
  ]),
  ...(['log', 'findings', 'activity', 'speed', 'detail'] as const).map((screen): readonly Scope[] => [
    'global',
    'screen',
    'list',
    screen,
  ]),
];

test.each(together.map((scopes) => [scopes.join(', '), scopes] as const))(
  'no key has two meanings within %s',
  (_name, scopes) => {
    const bound = actions
      .filter(({ scope }) => scopes.includes(scope))
      .flatMap(({ id, keys }) => keys.map((key) => ({ key, id })));
    const twice = bound.filter(({ key, id }) => bound.some((other) => other.key === key && other.id !== id));
    expect(twice).toEqual([]);
  },
);

test('an id is a scope and a word, and there once', () => {
  for (const { id, scope } of actions) expect(id).toMatch(new RegExp(`^${scope}\\.[a-z-]+$`));
  expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
});

test('Esc is bound to going back alone, and Ctrl-C to nothing: it always leaves', () => {
  const bound = (key: string) => actions.filter(({ keys }) => keys.includes(key)).map(({ id }) => id);
  expect(bound('esc')).toEqual(['global.back']);
  expect(bound('ctrl-c')).toEqual([]);
});

test('what changes something outside has no key of one letter without a question: it says what it will do', () => {
  for (const action of actions.filter(({ effect }) => effect === 'destructive' || effect === 'remote'))
    expect(action.help, action.id).toBeTruthy();
});

test("the README's table of keys, where it has one, is that of the registry", () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const table = /<!-- keys -->\n([\s\S]*?)\n<!-- \/keys -->/.exec(readme)?.[1];
  if (readme.includes('<!-- keys -->')) expect(table).toBe(keyTable(actions));
  expect(keyTable(actions)).toContain('| `j` `Down` | Down | In lists and texts |');
});
