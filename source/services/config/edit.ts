import { NeedsUser } from '../../core/failure.ts';
import { plain } from '../../core/text/safe.ts';
import { type Configuration, configurationShape } from './shape.ts';

/** Keys at the top of the file; the others are of a profile. */
const ofFile: ReadonlySet<string> = new Set(['profile', 'theme', 'ascii']);

/** Keys that can be set, as the file nests them. */
const configurationKeys = [
  'profile',
  'theme',
  'ascii',
  'host',
  'project',
  'checkout',
  'attic.url',
  'attic.cache',
  'bazelRemote.http',
  'bazelRemote.grpc',
  'honey.destination',
  'caFile',
  'prices.minute',
  'prices.gigabyte',
] as const;

export interface KeyEdit {
  /** One of `configurationKeys`. */
  readonly key: string;
  /** As written on the command line; undefined takes the key away. */
  readonly value: string | undefined;
  /** The profile that the key is of; the chosen one when absent, or `default`. */
  readonly profile?: string;
}

/**
 * The configuration with one key set or taken away; the first profile that is made is the one that is used. Throws `NeedsUser`
 * for a key that there is not, and for a value that the key cannot have.
 */
export function editedConfiguration(configuration: Configuration, edit: KeyEdit): Configuration {
  const { key, value } = edit;
  if (!configurationKeys.some((known) => known === key))
    throw refused(edit, 'there is no such key', [`The keys are ${configurationKeys.join(', ')}.`]);
  const name = edit.profile ?? configuration.profile ?? 'default';
  const path = ofFile.has(key) ? [key] : ['profiles', name, ...key.split('.')];
  const chosen =
    value !== undefined && path.length > 1 && configuration.profile === undefined ? { profile: name } : {};
  const edited = { ...(withValue(configuration, path, typed(value)) as object), ...chosen };
  const { data, error } = configurationShape.safeParse(edited);
  if (data) return data;
  const [issue] = error.issues;
  throw refused(edit, `${(issue?.path ?? []).map(String).join('.')} ${issue?.message ?? 'cannot be so'}`, [
    'Give another value.',
  ]);
}

/** Numbers and yes-or-no as such, all else as text. */
function typed(value: string | undefined): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

function withValue(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const fields = typeof node === 'object' && node !== null ? (node as Record<string, unknown>) : {};
  const { [key]: old, ...others } = fields;
  const inner = withValue(old, rest, value);
  const isEmpty = inner === undefined || (typeof inner === 'object' && Object.keys(inner ?? {}).length === 0);
  return isEmpty && value === undefined ? others : { ...fields, [key]: inner };
}

/** The value is not said again: an address may hold a password. */
function refused({ key, value }: KeyEdit, saw: string, next: readonly string[]): NeedsUser {
  const tried = `${value === undefined ? 'unset' : 'set'} ${plain(key)}`;
  return new NeedsUser({ tried, saw: plain(saw), next, code: 'bad-option' });
}
