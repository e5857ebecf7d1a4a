/** A unit as it was loaded. */
export interface Loaded {
  readonly path: string;
  /** Words of each command, and whether its failure is passed over. */
  readonly before: readonly Exec[];
  readonly start: Exec;
  readonly stop: readonly Exec[];
  readonly restart: string;
  /** Seconds. */
  readonly pause: number;
  /** Made by Podman’s generator. */
  readonly isGenerated: boolean;
}

export interface Exec {
  readonly argv: readonly string[];
  readonly isOptional: boolean;
}

type Sections = ReadonlyMap<string, readonly (readonly [key: string, value: string])[]>;

/** Sections of a unit file with their settings, in order. */
function sectionsOf(text: string): Sections {
  const found = new Map<string, (readonly [string, string])[]>();
  let section: (readonly [string, string])[] = [];
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, name] = /^\[(.+)\]\s*$/.exec(line) ?? [];
    const [, key, value] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) {
      section = found.get(name) ?? [];
      found.set(name, section);
    } else if (key !== undefined && value !== undefined) section.push([key, value]);
  }
  return found;
}

function values(sections: Sections, section: string, key: string): string[] {
  return (sections.get(section) ?? []).filter(([one]) => one === key).map(([, value]) => value);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', s: ' ' };

/** Words as systemd parts them: quotes, escapes of C. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (letter === '\\') {
      const next = line[++at] ?? '';
      word = `${word ?? ''}${escapes[next] ?? next}`;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word = `${word ?? ''}${letter}`;
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ((letter === '"' || letter === "'") && word === undefined) {
      quote = letter;
      word = '';
    } else word = `${word ?? ''}${letter}`;
  }
  return word === undefined ? words : [...words, word];
}

/** `%%` and `$$` stand for one; there are no other specifiers and no variables here. */
function meant(word: string): string {
  return word.replace(/%(.)/g, '$1').replace(/\$(\$|\w+|\{\w+\})/g, (_, what) => (what === '$' ? '$' : ''));
}

function execOf(line: string): Exec {
  const isOptional = line.startsWith('-');
  return { isOptional, argv: splitWords(isOptional ? line.slice(1) : line).map(meant) };
}

function loaded(path: string, sections: Sections, rest: Pick<Loaded, 'start' | 'isGenerated'>): Loaded {
  const one = (key: string): string | undefined => values(sections, 'Service', key).at(-1);
  return {
    path,
    before: values(sections, 'Service', 'ExecStartPre').map(execOf),
    stop: values(sections, 'Service', 'ExecStop').map(execOf),
    restart: one('Restart') ?? 'no',
    pause: Number.parseFloat(one('RestartSec') ?? '0.1'),
    ...rest,
  };
}

/** Undefined when it has nothing to start. */
export function loadService(path: string, text: string): Loaded | undefined {
  const sections = sectionsOf(text);
  const [line] = values(sections, 'Service', 'ExecStart');
  return line === undefined ? undefined : loaded(path, sections, { start: execOf(line), isGenerated: false });
}

/** What Podman’s generator makes of a quadlet; undefined without an image. */
export function loadQuadlet(path: string, text: string): Loaded | undefined {
  const sections = sectionsOf(text);
  const all = (key: string): string[] => values(sections, 'Container', key);
  const words = (key: string): string[] => all(key).flatMap(splitWords).map(meant);
  const [image] = all('Image');
  if (image === undefined) return undefined;
  const [user, group] = [all('User').at(-1), all('Group').at(-1)];
  const argv = [
    'podman',
    'run',
    '--replace',
    '--rm',
    ...all('ContainerName').flatMap((name) => ['--name', meant(name)]),
    ...(user === undefined ? [] : ['--user', group === undefined ? user : `${user}:${group}`]),
    ...all('PublishPort').flatMap((port) => ['--publish', meant(port)]),
    ...all('Volume').flatMap((volume) => ['--volume', meant(volume)]),
    ...words('Environment').flatMap((one) => ['--env', one]),
    ...words('EnvironmentFile').flatMap((file) => ['--env-file', file]),
    ...words('Label').flatMap((one) => ['--label', one]),
    ...words('PodmanArgs'),
    meant(image),
    ...words('Exec'),
  ];
  return loaded(path, sections, { start: { argv, isOptional: false }, isGenerated: true });
}
