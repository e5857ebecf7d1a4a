import type { ImageSpec } from './spec.ts';

/** Where the build file may lie, below the project. */
export function pathsOf({ file, context, tool }: ImageSpec): string[] {
  const below = (text: string): string =>
    text.replace(/^\$(?:CI_PROJECT_DIR|\{CI_PROJECT_DIR\})(?:\/|$)/, '').replace(/^(?:\.\/)+|^\.$/, '');
  if (file) return [below(file.text)];
  const folder = below(context.text).replace(/\/$/, '');
  const names = tool === 'buildah' ? ['Containerfile', 'Dockerfile'] : ['Dockerfile'];
  return names.map((name) => (folder === '' ? name : `${folder}/${name}`));
}

export interface Instruction {
  readonly word: string;
  readonly rest: string;
  /** From 1. */
  readonly line: number;
}

/** The instructions of a build file, each on one line; comments are left out, also between lines that go on. */
export function instructionsOf(text: string): Instruction[] {
  const found: Instruction[] = [];
  let open: { parts: string[]; line: number } | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(raw)) continue;
    const goesOn = /\\\s*$/.test(raw);
    open ??= { parts: [], line: index + 1 };
    open.parts.push(goesOn ? raw.replace(/\\\s*$/, ' ') : raw);
    if (goesOn) continue;
    const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/s.exec(open.parts.join('')) ?? [];
    found.push({ word: word.toUpperCase(), rest: rest.trim(), line: open.line });
    open = undefined;
  }
  return found;
}
