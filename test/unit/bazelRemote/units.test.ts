import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Deployment } from '../../../source/core/bazelRemote/deployment.ts';
import { containerOptions, labelText, parseLabel } from '../../../source/core/bazelRemote/deployment.ts';
import { execWord } from '../../../source/core/bazelRemote/escapes.ts';
import { unitLabel, unitPath, unitText } from '../../../source/core/bazelRemote/units.ts';
import { valueProblems } from '../../../source/core/bazelRemote/values.ts';

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Words of a command line as systemd.syntax(7) has it: spaces part, both quotes hold, escapes are those of C. */
function words(line: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (letter === '\\') {
      const meant = escapes[line[++at] ?? ''];
      if (meant === undefined) throw new Error(`no escape at ${at} of ${line}`);
      word = (word ?? '') + meant;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word += letter;
    } else if (letter === ' ' || letter === '\t') {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (word === undefined && (letter === '"' || letter === "'")) {
      quote = letter;
      word = '';
    } else word = (word ?? '') + letter;
  }
  if (quote !== '') throw new Error(`an open quote in ${line}`);
  return word === undefined ? found : [...found, word];
}

/** Specifiers and variables, as systemd.unit(5) and systemd.service(5) put something in their place. */
function expanded(word: string): string {
  return word
    .replace(/%(.)/g, (_, letter) => (letter === '%' ? '%' : '[specifier]'))
    .replace(/\$(\$|\w+|\{\w+\})?/g, (all, what) => (what === '$' ? '$' : what ? '[variable]' : all));
}

/** What the program gets. */
const received = (line: string): string[] => words(line).map(expanded);

/** Sections with their lines, and no line that belongs to none. */
function sections(text: string): Map<string, [string, string][]> {
  const found = new Map<string, [string, string][]>();
  let section: [string, string][] | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name] = /^\[([A-Za-z]+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = [];
      found.set(name, section);
    } else if (key !== undefined && value !== undefined && section) section.push([key, value]);
    else throw new Error(`no line of a unit: ${line}`);
  }
  return found;
}

const deployment: Deployment = {
  engine: 'podman',
  name: 'bazel-remote',
  image: 'docker.io/buchgr/bazel-remote-cache:v2.6.2',
  data: '/data/bazel-cache',
  size: 50,
  httpPort: 9090,
  grpcPort: 9092,
  bind: '100.77.196.50',
  restart: 'unless-stopped',
  hasMetrics: true,
  isRelabelled: true,
  unit: 'systemd',
  memory: '4g',
  cpus: '1.5',
};

const odd = fc
  .string({ unit: fc.constantFrom(...`a b"'\\$%{}()\`;#*~-=ü&|<>!`), minLength: 1, maxLength: 12 })
  .map((name) => `/data/${name}`)
  .filter((path) => valueProblems.data?.(path) === undefined);

test('a word of a command line is received as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (word) => {
      fc.pre(!/[\p{Cc}]/u.test(word) && word !== '');
      expect(received(execWord(word))).toEqual([word]);
    }),
  );
});

test('a service runs the container with every odd path as it is', () => {
  fc.assert(
    fc.property(odd, odd, (data, htpasswd) => {
      const wanted = { ...deployment, data, htpasswd, secrets: htpasswd };
      const service = sections(unitText(wanted, 'system', '/usr/bin/podman')).get('Service') ?? [];
      const [[, line] = ['', '']] = service.filter(([key]) => key === 'ExecStart');
      const argv = received(line);
      expect(argv.slice(0, 7)).toEqual([
        '/usr/bin/podman',
        'run',
        '--rm',
        '--name',
        'bazel-remote',
        '--label',
        `huskycat-tui=${labelText(wanted)}`,
      ]);
      expect(argv.slice(7, -3)).toEqual(containerOptions(wanted));
      expect(argv).toContain(`${data}:/data:Z`);
    }),
  );
});

test('a quadlet says the same, and its generator’s command line holds each odd path as it is', () => {
  fc.assert(
    fc.property(odd, odd, (data, htpasswd) => {
      const wanted: Deployment = { ...deployment, unit: 'quadlet', data, htpasswd, secrets: data };
      const container = sections(unitText(wanted, 'system', '/usr/bin/podman')).get('Container') ?? [];
      const values = (key: string): string[] =>
        container.filter(([one]) => one === key).map(([, value]) => value);
      expect(values('Volume').map(expanded)).toEqual([
        `${data}:/data:Z`,
        `${htpasswd}:/etc/bazel-remote/htpasswd:ro,Z`,
      ]);
      expect(values('Label').flatMap(received)).toEqual([`huskycat-tui=${labelText(wanted)}`]);
      expect(values('EnvironmentFile').flatMap(received)).toEqual([data]);
      expect(values('PodmanArgs').flatMap(received)).toEqual(['--memory=4g', '--cpus=1.5']);
    }),
  );
});

test('the first line says what a unit was made with, and a foreign unit has none', () => {
  for (const unit of ['systemd', 'quadlet'] as const) {
    const wanted = { ...deployment, unit, data: '/data/a "b" $(id)' };
    const text = unitText(wanted, 'user', '/usr/bin/podman');
    expect(parseLabel(unitLabel(text) ?? '')).toMatchObject({ unit, data: wanted.data, cpus: '1.5' });
  }
  expect(unitLabel('[Unit]\nDescription=x\n')).toBeUndefined();
});

test('a unit of the machine waits for the network and the engine, one of a user for its login', () => {
  const docker = unitText({ ...deployment, engine: 'docker' }, 'system', '/usr/bin/docker');
  expect(docker).toContain('After=network-online.target tailscaled.service docker.service\n');
  expect(docker).toContain('WantedBy=multi-user.target\n');
  expect(docker).toContain('Restart=always\n');
  const own = unitText({ ...deployment, restart: 'on-failure:3' }, 'user', '/usr/bin/podman');
  expect(own).toMatch(/Restart=on-failure\n[\s\S]*WantedBy=default.target\n$/);
  expect(own).not.toMatch(/^(?:After|Wants)=/m);
  expect(unitPath('quadlet', 'x', { scope: 'user', home: '/home/ops' })).toBe(
    '/home/ops/.config/containers/systemd/x.container',
  );
  expect(unitPath('systemd', 'x', { scope: 'system' })).toBe('/etc/systemd/system/x.service');
});

test.each([
  ['bucket', ['-x', 'a b', '$(id)', 'a\nb']],
  ['s3-endpoint', ['http://x', '-x', 'x;id', 'x\n']],
  ['s3-key-id', ['', 'A B', '"x"', 'a\nb']],
  ['prefix', ['/x', 'a//b', '$x', 'a b']],
  ['azure-account', ['UPPER', 'a-b']],
  ['tls-certificate', ['x.pem', '/a:b', '/a\nb', '/a/../b']],
  ['secrets', ['x', '/a\nb', '/a:b']],
  ['namespace', ['-a', 'a_b', 'A', 'a.b', 'a\n']],
  ['context', ['-x', 'a b', 'a\nb']],
])('%s takes nothing that could be something else', (name, values) => {
  for (const value of values) expect(valueProblems[name]?.(value), JSON.stringify(value)).toBeDefined();
});
