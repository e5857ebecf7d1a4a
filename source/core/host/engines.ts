import type { FailureView, Part } from '../datum.ts';
import { plain } from '../text/safe.ts';
import { label } from './label.ts';
import type { Container, Engine } from './model.ts';
import { failed, fieldsOf, notUnderstood, parseJson, type Section } from './sections.ts';

/** What the sections of one engine's script say; undefined when the program is not there. */
export function engineOf(
  name: Engine['name'],
  sections: readonly Section[],
): { readonly engine: Engine; readonly containers?: Part<readonly Container[]> } | undefined {
  if (sections.some((section) => section.name === 'absent')) return undefined;
  const asked = sections.find((section) => section.name === 'version');
  const version = asked?.status === 0 ? versionOf(asked.text) : undefined;
  if (version === undefined) return { engine: { name, version: failed(whyNot(name, asked)) } };
  const list = sections.find((section) => section.name === 'containers');
  const containers: Part<readonly Container[]> =
    list?.status === 0
      ? { value: name === 'docker' ? parseDocker(list.text) : parsePodman(list.text) }
      : failed(whyNot(name, list));
  return { engine: { name, version: { value: version } }, containers };
}

/** Containers of all engines that answered. An engine that is there and does not answer hides no other's. */
export function containersOf(
  parts: readonly (Part<readonly Container[]> | undefined)[],
): Part<readonly Container[]> {
  const known = parts.filter((part) => part !== undefined);
  const lists = known.flatMap((part) => ('value' in part ? [part.value] : []));
  const [failure] = known.flatMap((part) => ('failure' in part ? [part.failure] : []));
  return failure && lists.length === 0 ? { failure } : { value: lists.flat() };
}

function versionOf(text: string): string | undefined {
  const last = plain(text.split('\n').at(-1)?.trim() ?? '', 60);
  return /^v?\d/.test(last) ? last : undefined;
}

/** Permission on the socket and a daemon that is not there are different things to mend. */
function whyNot(name: Engine['name'], section: Section | undefined): FailureView {
  const text = section?.text ?? '';
  const tried = section?.name === 'containers' ? `${name} ps` : `${name} version`;
  const saw = plain(text, 300);
  if (/permission denied/i.test(text))
    return {
      kind: 'needs-user',
      tried,
      saw,
      next: [
        'Let the user use the socket: sudo usermod -aG docker "$USER", then log in again; or connect as root.',
      ],
      code: `${name}-permission`,
    };
  if (
    /cannot connect to the docker daemon|is the docker daemon running|connection refused|no such host/i.test(
      text,
    )
  )
    return {
      kind: 'unavailable',
      tried,
      saw,
      next: ['Start the daemon on the host: sudo systemctl start docker.'],
      code: `${name}-down`,
    };
  return notUnderstood(tried, section).failure;
}

/** `docker ps --format '{{json .}}'`: an object a line; what is none is a warning of docker's and is passed over. */
function parseDocker(text: string): Container[] {
  return text.split('\n').flatMap((line) => {
    const fields = fieldsOf(parseJson(line));
    return fields ? [containerOf('docker', fields, word(fields.Names), word(fields.Ports))] : [];
  });
}

/** `podman ps --format json`: one array; names and ports are lists. */
function parsePodman(text: string): Container[] {
  const list = parseJson(text.slice(Math.max(text.indexOf('['), 0)));
  return (Array.isArray(list) ? list : []).flatMap((item) => {
    const fields = fieldsOf(item);
    if (!fields) return [];
    const names = Array.isArray(fields.Names) ? fields.Names.map(word).join(',') : word(fields.Names);
    const ports = Array.isArray(fields.Ports) ? fields.Ports.map(podmanPort).filter(Boolean).join(', ') : '';
    return [containerOf('podman', fields, names, ports)];
  });
}

function containerOf(
  engine: Engine['name'],
  fields: Readonly<Record<string, unknown>>,
  name: string,
  ports: string,
): Container {
  const status = word(fields.Status);
  return {
    engine,
    name: plain(name, 200),
    image: plain(word(fields.Image), 300),
    state: plain(word(fields.State) || stateOf(status), 40),
    status: plain(status, 100),
    ports: plain(ports, 500),
    ...(hasOurLabel(fields.Labels) ? { isOurs: true } : {}),
  };
}

/** Docker prints all labels in one line, podman as an object. */
function hasOurLabel(labels: unknown): boolean {
  if (typeof labels === 'string') return new RegExp(`(?:^|,)${label}=`).test(labels);
  return Object.hasOwn(fieldsOf(labels) ?? {}, label);
}

/** Docker before 20.10 has no State: its Status begins with it in other words. */
function stateOf(status: string): string {
  if (/^Up\b/.test(status)) return /\(Paused\)/.test(status) ? 'paused' : 'running';
  return status.split(' ', 1)[0]?.toLowerCase() ?? '';
}

/** As docker prints it: `0.0.0.0:8080->80/tcp`. */
function podmanPort(port: unknown): string {
  const fields = fieldsOf(port);
  if (!fields) return '';
  const host = `${word(fields.host_ip) || '0.0.0.0'}:${word(fields.host_port)}`;
  return `${host}->${word(fields.container_port)}/${word(fields.protocol) || 'tcp'}`;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
