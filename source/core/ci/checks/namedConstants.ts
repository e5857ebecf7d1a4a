import { claimFiles, createLocator, readShort } from '../../claimFiles.ts';
import type { Place } from '../model.ts';
import { get, scalarText } from '../yaml/node.ts';
import type { CheckInput, Found } from './rule.ts';

interface Constant {
  readonly name: string;
  readonly value: string;
  readonly at: Place;
}

/** Files that pin a tool's version, and the variables by which a CI configuration gives it too. */
const versionFiles: readonly (readonly [file: string, names: RegExp])[] = [
  ['.bazelversion', /^(?:USE_)?BAZEL_VERSION$/],
  ['.nvmrc', /^NODE(?:JS)?_VERSION$/],
  ['.node-version', /^NODE(?:JS)?_VERSION$/],
  ['.python-version', /^PYTHON_VERSION$/],
  ['.ruby-version', /^RUBY_VERSION$/],
  ['.go-version', /^GO(?:LANG)?_VERSION$/],
  ['.terraform-version', /^(?:TERRAFORM|TF)_VERSION$/],
];

/** Addresses and ports of the configuration's own variables that another file gives another value, and tools' versions. */
export function* namedConstants(input: CheckInput): Iterable<Found> {
  const constants = constantsOf(input);
  yield* otherVersions(input, constants);
  const wanted = new Map(
    constants
      .filter(({ name, value }) => isAddress(value) || isPort(name, value))
      .map((one) => [one.name, one]),
  );
  if (wanted.size === 0) return;
  const names = [...wanted.keys()].join('|');
  const ofConfiguration = new Set(input.configuration.files);
  for (const { path } of claimFiles(input.files)) {
    const text = ofConfiguration.has(path) ? undefined : readShort(input.files, path);
    if (text === undefined) continue;
    const locate = createLocator(text);
    const seen = new Set<string>();
    for (const { 1: name = '', 2: written = '', index } of text.matchAll(
      new RegExp(`(?<![\\w$])(${names})["']?\\s*[:=]\\s*["'\`]?([^\\s"'\`;,)<>]+)`, 'g'),
    )) {
      const constant = wanted.get(name);
      const value = written.replace(/[.]+$/, '');
      if (!constant || seen.has(name) || !isAlike(constant, value) || same(constant.value, value)) continue;
      seen.add(name);
      yield {
        at: { file: path, ...locate(index) },
        title: `${name} is another one in ${constant.at.file}:${constant.at.line}`,
        saw: `${value} here, ${constant.value} there`,
      };
    }
  }
}

function constantsOf({ configuration }: CheckInput): Constant[] {
  const variables = get(configuration.root, 'variables');
  if (variables?.kind !== 'mapping') return [];
  return [...variables.entries].flatMap(([name, { value }]) => {
    const written = scalarText(value.kind === 'mapping' ? get(value, 'value') : value) ?? '';
    return written === '' || written.includes('$') ? [] : [{ name, value: written, at: value.span }];
  });
}

function* otherVersions({ files }: CheckInput, constants: readonly Constant[]): Iterable<Found> {
  for (const [file, names] of versionFiles) {
    const pinned = /^v?(\d[\w.]*)\s*$/.exec(files.read(file) ?? '')?.[1];
    const constant = constants.find(({ name }) => names.test(name));
    const given = /^v?(\d[\w.]*)$/.exec(constant?.value ?? '')?.[1];
    if (pinned === undefined || !constant || given === undefined) continue;
    if (`${pinned}.`.startsWith(`${given}.`) || `${given}.`.startsWith(`${pinned}.`)) continue;
    yield {
      at: constant.at,
      title: `${constant.name} is another one in ${file}:1`,
      saw: `${constant.value} here, ${pinned} there`,
    };
  }
}

function isAddress(value: string): boolean {
  return /^[a-z][a-z+]*:\/\/[\w.-]+\.?[\w-]*(?::\d+)?(?:\/\S*)?$/.test(value) && !isLocal(value);
}

function isPort(name: string, value: string): boolean {
  return /(?:^|_)PORT$/.test(name) && /^\d{2,5}$/.test(value);
}

/** Of the same kind, and meant for the same place: no example, no machine of one's own. */
function isAlike({ name, value }: Constant, other: string): boolean {
  if (/\$|example|your|placeholder|\.\.\.|xxx/i.test(other)) return false;
  return isPort(name, value) ? isPort(name, other) : isAddress(other);
}

function isLocal(value: string): boolean {
  return /:\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)/.test(value);
}

function same(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}
