import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** A program in place of kubectl: it keeps what is applied in a file, and notes each call with what it was handed. */
const program = (folder: string): string => `#!${process.execPath}
const { existsSync, readFileSync, writeFileSync, appendFileSync } = require('node:fs');
const state = ${JSON.stringify(join(folder, 'state.json'))};
const world = existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : { objects: {}, entries: {} };
const argv = process.argv.slice(2);
const input = argv.includes('-') ? readFileSync(0, 'utf8') : '';
appendFileSync(${JSON.stringify(join(folder, 'calls.jsonl'))}, JSON.stringify({ argv, input }) + '\\n');
const option = (name) => argv.find((one) => one.startsWith(name + '='))?.slice(name.length + 1);
const words = argv.filter((one) => !one.startsWith('-'));
const fail = (text, code = 1) => { process.stderr.write(text + '\\n'); process.exit(code); };
const keyOf = (kind, namespace, name) => [kind.toLowerCase(), kind.toLowerCase() === 'namespace' ? '' : namespace, name].join('/');
const objects = () => input.split('\\n---\\n').map((text) => JSON.parse(text));
const save = () => writeFileSync(state, JSON.stringify(world));
if (option('--context') === 'gone') fail('error: context "gone" does not exist');
const [verb, kind, name] = words;
const namespace = option('--namespace');
if (verb === 'proxy') {
  const service = /namespaces\\/([^/]+)\\/services\\/([^/:]+):http\\/proxy/;
  const server = require('node:http').createServer((request, response) => {
    const [path, namespace, name] = service.exec(request.url) ?? [];
    const answer = (status, text) => { response.statusCode = status; response.end(text); };
    if (!world.objects[keyOf('service', namespace ?? '', name ?? '')]) return answer(404, 'services not found');
    const entry = request.url.slice(request.url.indexOf(path) + path.length);
    if (request.method !== 'PUT') return entry in world.entries ? answer(200, world.entries[entry]) : answer(404, 'Not found');
    if (request.headers['content-length'] === undefined) return answer(400, 'PUT without Content-Length');
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => { world.entries[entry] = body; save(); answer(200, ''); });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write('Starting to serve on 127.0.0.1:' + server.address().port + '\\n'));
} else if (verb === 'version') {
  process.stdout.write(JSON.stringify({ clientVersion: { gitVersion: 'v1.32.4' }, serverVersion: { gitVersion: 'v1.31.6+rke2r1' } }));
} else if (verb === 'auth') process.exit(world.forbidden?.includes(words[3]) ? 1 : 0);
else if (verb === 'get' && kind === 'storageclass') {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
  process.stdout.write(JSON.stringify({ items: [{ metadata: { name: 'local-path', annotations } }] }));
} else if (verb === 'get' && name === undefined) {
  for (const key of Object.keys(world.objects)) if (key.startsWith(kind + '/' + namespace + '/')) process.stdout.write(key + '\\n');
} else if (verb === 'get') {
  const found = world.objects[keyOf(kind, namespace, name)];
  if (found) process.stdout.write(option('--output') === 'name' ? kind + '/' + name + '\\n' : JSON.stringify(found));
} else if (verb === 'apply') {
  for (const object of objects()) {
    const { kind: what, metadata } = object;
    if (what !== 'Namespace' && !world.objects[keyOf('namespace', '', metadata.namespace)]) fail('Error from server (NotFound): namespaces "' + metadata.namespace + '" not found');
    world.objects[keyOf(what, metadata.namespace, metadata.name)] = object;
    process.stdout.write(what.toLowerCase() + '/' + metadata.name + ' serverside-applied\\n');
  }
  save();
} else if (verb === 'diff') {
  const differs = objects().some((object) => JSON.stringify(world.objects[keyOf(object.kind, object.metadata.namespace, object.metadata.name)]) !== JSON.stringify(object));
  process.exit(differs ? 1 : 0);
} else if (verb === 'delete') {
  const gone = input === '' ? [[kind, namespace, name]] : objects().map((one) => [one.kind, one.metadata.namespace, one.metadata.name]);
  for (const one of gone) delete world.objects[keyOf(...one)];
  save();
} else if (verb === 'rollout') {
  if (world.stuck) process.stdout.write('Waiting for deployment "' + kind + '" rollout to finish: 0 of 1 updated replicas are available...\\n');
  else process.stdout.write('deployment "' + name + '" successfully rolled out\\n');
} else fail('error: unknown command ' + argv.join(' '));
`;

export interface FakeKubectl {
  calls(): { readonly argv: readonly string[]; readonly input: string }[];
  /** What is in the cluster, by `kind/namespace/name`. */
  objects(): Record<string, { readonly spec?: unknown; readonly metadata: Record<string, unknown> }>;
  set(change: Readonly<Record<string, unknown>>): void;
}

/** Puts it on PATH for the test. */
export function fakeKubectl(): FakeKubectl {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-kubectl-'));
  writeFileSync(join(folder, 'kubectl'), program(folder), { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  const state = join(folder, 'state.json');
  const read = () =>
    JSON.parse(readFileSync(state, 'utf8')) as { objects: ReturnType<FakeKubectl['objects']> };
  return {
    calls: () =>
      readFileSync(join(folder, 'calls.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { argv: string[]; input: string }),
    objects: () => read().objects,
    set: (change) => writeFileSync(state, JSON.stringify({ objects: {}, entries: {}, ...change })),
  };
}
