import { readOptions } from '../commands/options.ts';
import type { Execution, Program } from '../shell/context.ts';
import type { Container } from './container.ts';
import { renderTemplate } from './template.ts';
import { imageRow, psRow } from './views.ts';

const versions = {
  Client: { Version: '27.5.1', ApiVersion: '1.47', Os: 'linux', Arch: 'amd64' },
  Server: {
    Platform: { Name: 'Docker Engine - Community' },
    Version: '27.5.1',
    ApiVersion: '1.47',
    MinAPIVersion: '1.24',
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: '6.12.0-55.30.1.el10_0.x86_64',
  },
};

export const version: Program = (args, { out }) => {
  const { values } = readOptions(args, ['format', 'f']);
  const format = values.get('format') ?? values.get('f');
  if (format !== undefined)
    out(`${format === 'json' ? JSON.stringify(versions) : renderTemplate(format, versions)}\n`);
  else
    out(
      `Client:\n Version:           ${versions.Client.Version}\n\nServer:\n Engine:\n  Version:          ${versions.Server.Version}\n`,
    );
  return 0;
};

/** `inspect`: by a template, one line each, or as indented JSON. */
export function printed(
  format: string | undefined,
  objects: readonly Record<string, unknown>[],
  out: Execution['out'],
): void {
  if (format === undefined) out(`${JSON.stringify(objects, null, 4)}\n`);
  else
    for (const object of objects)
      out(`${format === 'json' ? JSON.stringify(object) : renderTemplate(format, object)}\n`);
}

export const listContainers: Program = (args, { machine, out }) => {
  const { flags, values, rest } = readOptions(args, ['format', 'filter', 'f', 'n', 'last']);
  const filters = args.flatMap((arg, index) => {
    const inline = /^--filter=(.*)$/.exec(arg)?.[1];
    if (inline !== undefined) return [inline];
    return arg === '--filter' || arg === '-f' ? [args[index + 1] ?? ''] : [];
  });
  if (rest.length > 0) return 1;
  const byStatus = filters.some((filter) => filter.startsWith('status='));
  const all = flags.has('a') || flags.has('all') || byStatus;
  const shown = machine.docker
    .containers()
    .filter((one) => (all || one.status === 'running' || one.status === 'restarting') && fits(one, filters));
  const isWhole = flags.has('no-trunc');
  if (flags.has('q') || flags.has('quiet')) {
    for (const { id } of shown) out(`${isWhole ? id : id.slice(0, 12)}\n`);
    return 0;
  }
  const rows = shown.map((one) => psRow(one, machine.now(), isWhole));
  table(
    rows,
    values.get('format'),
    ['ID', 'Image', 'Command', 'RunningFor', 'Status', 'Ports', 'Names'],
    out,
  );
  return 0;
};

function fits({ settings, status, id }: Container, filters: readonly string[]): boolean {
  return filters.every((filter) => {
    const [key, value = ''] = filter.split(/=(.*)/);
    if (key === 'name')
      return new RegExp(value).test(`/${settings.name}`) || new RegExp(value).test(settings.name);
    if (key === 'status') return status === value;
    if (key === 'id') return id.startsWith(value);
    if (key === 'ancestor') return settings.image === value;
    if (key === 'label')
      return value.split('=')[0] !== undefined && Object.hasOwn(settings.labels, value.split('=')[0] ?? '');
    return true;
  });
}

export const listImages: Program = (args, { machine, out }) => {
  const { flags, values, rest } = readOptions(args, ['format', 'filter', 'f']);
  const [name] = rest;
  const rows = machine.docker.images
    .map(imageRow)
    .filter(
      ({ Repository, Tag }) => name === undefined || name === Repository || name === `${Repository}:${Tag}`,
    );
  if (flags.has('q')) for (const { ID } of rows) out(`${ID}\n`);
  else table(rows, values.get('format'), ['Repository', 'Tag', 'ID', 'CreatedSince', 'Size'], out);
  return 0;
};

const headings: Readonly<Record<string, string>> = {
  ID: 'CONTAINER ID',
  RunningFor: 'CREATED',
  CreatedSince: 'CREATED',
};

function table(
  rows: readonly Record<string, string>[],
  format: string | undefined,
  columns: readonly string[],
  out: Execution['out'],
): void {
  if (format !== undefined && !format.startsWith('table')) {
    for (const row of rows) out(`${format === 'json' ? JSON.stringify(row) : renderTemplate(format, row)}\n`);
    return;
  }
  const named = format?.match(/\{\{\.(\w+)\}\}/g)?.map((text) => text.slice(3, -2)) ?? columns;
  const isImages = columns.includes('Repository');
  const heading = (name: string): string =>
    isImages && name === 'ID' ? 'IMAGE ID' : (headings[name] ?? name.toUpperCase());
  const lines = [named.map(heading), ...rows.map((row) => named.map((name) => row[name] ?? ''))];
  const widths = named.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  for (const line of lines)
    out(
      `${line
        .map((cell, index) => cell.padEnd((widths[index] ?? 0) + 3))
        .join('')
        .trimEnd()}\n`,
    );
}
