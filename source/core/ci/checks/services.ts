import type { JobDefinition, Node, Place } from '../model.ts';
import { inheritedVariables, variablesOf } from '../variables.ts';
import { flatItems, get, plain, scalarText, textOf } from '../yaml/node.ts';
import type { CheckInput, Found, Rule } from './rule.ts';
import { codeLines } from './shared.ts';

/** Ports that an image listens on by itself, and the variable that changes the first. */
const known: readonly (readonly [image: RegExp, ports: readonly string[], variable?: string])[] = [
  [/(?:^|\/)(?:postgres|postgis|timescaledb|pgvector)$/, ['5432'], 'PGPORT'],
  [/(?:^|\/)(?:mysql|mariadb|percona)$/, ['3306', '33060'], 'MYSQL_TCP_PORT'],
  [/(?:^|\/)(?:redis|valkey|keydb)$/, ['6379', '16379']],
  [/(?:^|\/)memcached$/, ['11211']],
  [/(?:^|\/)mongo$/, ['27017']],
  [/(?:^|\/)rabbitmq$/, ['5672', '15672', '5671', '15671', '25672', '4369']],
  [/(?:^|\/)(?:elasticsearch|opensearch)$/, ['9200', '9300', '9600']],
  [/(?:^|\/)bazel-remote(?:-cache)?$/, ['8080', '9092']],
  [/(?:^|\/)docker$/, ['2375', '2376']],
];

interface Service {
  readonly hosts: readonly string[];
  readonly image: string;
  readonly ports: readonly string[];
}

/** Services that listen where their image does; one with a command or settings of its own may listen anywhere. */
function servicesOf({ keywords }: JobDefinition, variables: Readonly<Record<string, string>>): Service[] {
  return flatItems(get(keywords, 'services')).flatMap((node) => {
    const image = textOf(node) ?? textOf(get(node, 'name')) ?? '';
    const [path = ''] = image.split(/[:@]/);
    const found = known.find(([pattern]) => pattern.test(path));
    const own = ['command', 'entrypoint', 'variables'].flatMap((key) => get(node, key) ?? []);
    if (!found || own.some((one) => /port|\b\d{4,5}\b/i.test(JSON.stringify(plain(one))))) return [];
    const [, ports, variable] = found;
    if (variable !== undefined && Object.hasOwn(variables, variable)) return [];
    const aliases = (textOf(get(node, 'alias')) ?? '').split(/[\s,]+/).filter(Boolean);
    return [{ hosts: [...aliases, path.replaceAll('/', '-'), path.replaceAll('/', '__')], image, ports }];
  });
}

interface Text {
  readonly text: string;
  readonly at: Place;
}

/** What a job reads: its variables, as `NAME=value`, and the lines of its scripts. */
function textsOfJob({ configuration }: CheckInput, job: JobDefinition): Text[] {
  const inherited = inheritedVariables(job.keywords, variablesOf(get(configuration.root, 'variables')));
  const own = get(job.keywords, 'variables');
  const entries: [string, Node][] = [];
  for (const node of [get(configuration.root, 'variables'), own])
    if (node?.kind === 'mapping')
      for (const [name, { value }] of node.entries)
        if (node === own || (Object.hasOwn(inherited, name) && get(own, name) === undefined))
          entries.push([name, value]);
  return [
    ...entries.map(([name, value]) => ({
      text: `${name}=${scalarText(value) ?? scalarText(get(value, 'value')) ?? ''}`,
      at: value.span,
    })),
    ...codeLines(job).map(({ text, at }) => ({ text, at })),
  ];
}

export const servicePort: Rule = {
  id: 'service-port-differs',
  severity: 'warning',
  summary: 'A service asked for at a port that it does not listen on.',
  why: 'The job fails with “connection refused”, or waits for a service that never comes.',
  fix: {
    text: 'Use the port of the service’s image, or give the service that port (variables or command of the service).',
  },
  *check(input) {
    const seen = new Set<string>();
    for (const job of input.configuration.jobs.values()) {
      const texts = textsOfJob(input, job);
      const variables = Object.fromEntries(
        texts.flatMap(({ text }) =>
          [/^(\w+)=(.*)$/s.exec(text)].flatMap((one) => (one ? [[one[1], one[2]]] : [])),
        ),
      );
      for (const found of ofJob(job, texts, variables)) {
        const key = `${found.at.file}:${found.at.line}:${found.at.column}`;
        if (seen.has(key)) continue;
        seen.add(key);
        yield found;
      }
    }
  },
};

function* ofJob(
  job: JobDefinition,
  texts: readonly Text[],
  variables: Readonly<Record<string, string>>,
): Iterable<Found> {
  const certificates = variables.DOCKER_TLS_CERTDIR;
  for (const { hosts, image, ports } of servicesOf(job, variables)) {
    const isDocker = ports.includes('2376');
    const listens = isDocker && certificates !== undefined ? [certificates === '' ? '2375' : '2376'] : ports;
    for (const { text, at } of texts)
      for (const [host, port] of asked(text, variables)) {
        if (!hosts.includes(host) || listens.includes(port)) continue;
        const because = isDocker ? `, with DOCKER_TLS_CERTDIR: "${certificates ?? ''}"` : '';
        yield {
          at,
          title: `${job.name} asks ${host} at port ${port}, and it listens on ${listens[0] ?? ''}`,
          saw: `the service ${image}${because}`,
        };
      }
  }
}

/** `host:port` in a text, and the host that goes with a variable `X_PORT=…`. */
function asked(text: string, variables: Readonly<Record<string, string>>): [string, string][] {
  const pairs = [...text.matchAll(/(?:^|[\s/@"'=(])([\w][\w.-]*):(\d{2,5})(?=$|[\s/"',;)?])/g)].map(
    ([, host = '', port = '']): [string, string] => [host, port],
  );
  const [, prefix, port] = /^(\w*?)_?PORT=(\d{2,5})$/.exec(text) ?? [];
  const host = prefix === undefined ? undefined : (variables[`${prefix}_HOST`] ?? variables[`${prefix}HOST`]);
  return host !== undefined && port !== undefined ? [...pairs, [host, port]] : pairs;
}
