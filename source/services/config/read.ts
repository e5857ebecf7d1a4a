import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { fingerprint } from '../files/write.ts';
import { type Place, readJson } from './json.ts';
import { readPrivateFile } from './private.ts';
import type { Configuration } from './shape.ts';

/** The configuration file as it was found; `fingerprint` is of its bytes. A broken one is never changed by reading it. */
export type ConfigurationFile =
  | { readonly state: 'absent'; readonly path: string }
  | {
      readonly state: 'valid';
      readonly path: string;
      readonly configuration: Configuration;
      readonly text: string;
      readonly fingerprint: string;
    }
  | {
      readonly state: 'broken';
      readonly path: string;
      readonly failure: NeedsUser;
      readonly bytes: Uint8Array;
      readonly fingerprint: string;
    };

/**
 * Looks at the configuration file. Throws `NeedsUser` with code `config-mode` when others may read or change it, and
 * `config-unreadable` when it cannot be read.
 */
export async function inspectConfiguration(path: string): Promise<ConfigurationFile> {
  const bytes = await readPrivateFile(path, { title: 'the configuration', prefix: 'config' });
  if (!bytes) return { state: 'absent', path };
  const found = { path, fingerprint: fingerprint(bytes) };
  const broken = (saw: string, at?: Place, cause?: unknown) =>
    ({ state: 'broken', ...found, bytes, failure: brokenFile(path, saw, at, cause) }) as const;
  const text = decode(bytes);
  if (text === undefined) return broken('it is not UTF-8');
  const json = readJson(text);
  if ('problem' in json) return broken(json.problem, json.at);
  const { configurationShape } = await import('./shape.ts');
  const { data, error } = configurationShape.safeParse(json.value);
  if (data) return { state: 'valid', ...found, configuration: data, text };
  const [issue] = error.issues;
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const at = [...(issue?.path ?? []), ...(key === undefined ? [] : [key])];
  const name = at.length === 0 ? 'the file' : at.map(String).join('.');
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  const saw = key === undefined ? `${name}: ${issue?.message ?? 'wrong'}` : `${name}: no such key is known`;
  return broken(`${saw}${more}`, json.placeOf(at));
}

/** The configuration; empty when there is no file. Throws `NeedsUser`, also with code `config-broken`, for one that cannot be used. */
export async function readConfiguration(path: string): Promise<Configuration> {
  const file = await inspectConfiguration(path);
  if (file.state === 'broken') throw file.failure;
  return file.state === 'valid' ? file.configuration : { profiles: {} };
}

function brokenFile(path: string, saw: string, at: Place | undefined, cause?: unknown): NeedsUser {
  const shown = plain(path);
  const place = at ? `:${at.line}:${at.column}` : '';
  return new NeedsUser({
    tried: `read the configuration ${shown}${place}`,
    saw: plain(saw),
    next: [
      `Mend it in an editor: ${shown}${place}`,
      'Or save a new configuration: the broken file is kept beside it.',
    ],
    code: 'config-broken',
    cause,
  });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
