import type { CiFiles } from '../ci/model.ts';
import { buildWords, type Obscure } from './obscure.ts';
import { placeOf, programOf, type Step } from './step.ts';

/** A file of the checkout that builds images for the job: a script, or what `make`, `just` or a package’s scripts run. */
export function elsewhere(steps: readonly Step[], files: CiFiles): Obscure | undefined {
  for (const step of steps) {
    if (step.kind !== 'other') continue;
    const because = inScript(step, files) ?? inRecipe(step, files) ?? inPackage(step, files);
    if (because !== undefined) return { because, at: placeOf(step) };
  }
  return undefined;
}

function inScript({ command }: Step, files: CiFiles): string | undefined {
  for (const { text } of command.words.slice(0, 3)) {
    const path = text.replace(/^\.\//, '');
    if (!/^[\w@.][\w@./-]*$/.test(path) || path.includes('..')) continue;
    const isScript = /(?:\.(?:sh|bash)|^[\w./-]*\/[\w-]+)$/.test(path);
    const line = lineOf(isScript ? files.read(path) : undefined);
    if (line !== undefined) return `${path} builds the image (line ${line}), and is a file of its own`;
  }
  return undefined;
}

const recipeFiles: Readonly<Record<string, readonly string[]>> = {
  make: ['GNUmakefile', 'makefile', 'Makefile'],
  gmake: ['GNUmakefile', 'makefile', 'Makefile'],
  just: ['justfile', 'Justfile', '.justfile'],
};

/** `make image`: the recipe of the target, and of those that it needs or starts. */
function inRecipe(step: Step, files: CiFiles): string | undefined {
  const names = recipeFiles[programOf(step)];
  if (!names) return undefined;
  const words = step.command.words.map(({ text }) => text).slice(1);
  const after = (flag: RegExp): string | undefined => {
    const index = words.findIndex((word) => flag.test(word));
    return index < 0 ? undefined : words[index + 1];
  };
  const folder = after(/^(?:-C|--directory)$/);
  const file = after(/^(?:-f|--file|--makefile|--justfile)$/);
  const path = (file === undefined ? names : [file])
    .map((name) => `${folder === undefined ? '' : `${folder}/`}${name}`.replace(/^(?:\.\/)+/, ''))
    .find((one) => files.read(one) !== undefined);
  if (path === undefined) return undefined;
  const rules = rulesOf(files.read(path) ?? '');
  const given = words.filter((word) => /^[\w./-]+$/.test(word) && !word.startsWith('-') && rules.has(word));
  const [first] = rules.keys();
  const targets = given.length > 0 ? given : first === undefined ? [] : [first];
  const line = builtBy(targets, rules);
  return line === undefined
    ? undefined
    : `${path} builds the image for \`${step.command.words.map(({ raw }) => raw).join(' ')}\` (line ${line}), and is a file of its own`;
}

interface Rule {
  readonly needs: readonly string[];
  readonly recipe: readonly { readonly text: string; readonly line: number }[];
}

/** Targets and what they need; a recipe of just may have parameters behind its name: `image tag="x": test`. */
const rule = /^([^\s#:=.@][^#:=]*?)(?:\s+[\w+*$]+=[^:]*)?\s*::?(?!=)([^=#]*)(?:#.*)?$/;

/** Of a line that is looked at for a target. */
const longest = 1_000;

/** The rules of a makefile or justfile by target. */
function rulesOf(text: string): ReadonlyMap<string, Rule> {
  const rules = new Map<string, { needs: string[]; recipe: { text: string; line: number }[] }>();
  let open: readonly string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^[ \t]+\S/.test(line)) {
      for (const name of open) rules.get(name)?.recipe.push({ text: line, line: index + 1 });
      continue;
    }
    const [, head, needs = ''] = rule.exec(line.slice(0, longest)) ?? [];
    if (head === undefined) {
      if (line.trim() !== '' && !line.startsWith('#')) open = [];
      continue;
    }
    open = head.split(/\s+/).filter((name) => /^[\w./-]+$/.test(name));
    for (const name of open) {
      const known = rules.get(name) ?? { needs: [], recipe: [] };
      known.needs.push(...needs.split(/\s+/).filter(Boolean));
      rules.set(name, known);
    }
  }
  return rules;
}

/** A variable that names the engine: `$(DOCKER) build`. */
const named = /\$[({]\w*(?:DOCKER|PODMAN|ENGINE|CONTAINER)\w*[)}]\s+(?:buildx\s+)?build\b/i;

function builtBy(targets: readonly string[], rules: ReadonlyMap<string, Rule>): number | undefined {
  const seen = new Set<string>();
  const left = [...targets];
  for (let target = left.shift(); target !== undefined; target = left.shift()) {
    const found = rules.get(target);
    if (!found || seen.has(target)) continue;
    seen.add(target);
    for (const { text, line } of found.recipe) {
      if (buildWords.test(text) || named.test(text)) return line;
      if (/\$[({]MAKE[)}]|\bjust\b|\bmake\b/.test(text)) left.push(...text.split(/\s+/));
    }
    left.push(...found.needs);
  }
  return undefined;
}

/** `npm run image`: the package’s script of that name. */
function inPackage(step: Step, files: CiFiles): string | undefined {
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(programOf(step))) return undefined;
  const text = files.read('package.json');
  if (text === undefined) return undefined;
  for (const { text: name } of step.command.words.slice(1)) {
    const script = scriptOf(text, name);
    if (script !== undefined && buildWords.test(script))
      return `package.json builds the image in its script ${name}, and is a file of its own`;
  }
  return undefined;
}

function scriptOf(text: string, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const scripts =
      typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : undefined;
    if (typeof scripts !== 'object' || scripts === null || !Object.hasOwn(scripts, name)) return undefined;
    const script: unknown = Object.getOwnPropertyDescriptor(scripts, name)?.value;
    return typeof script === 'string' ? script : undefined;
  } catch {
    return undefined;
  }
}

/** The line of a text that builds an image, from 1. */
function lineOf(text: string | undefined): number | undefined {
  const found = text === undefined ? -1 : text.search(buildWords);
  return text === undefined || found < 0 ? undefined : text.slice(0, found).split('\n').length;
}
