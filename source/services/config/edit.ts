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
  const edited = { ...(withValue(configuration, path, typed(key, value)) as object), ...chosen };
  const { data, error } = configurationShape.safeParse(value === undefined ? withoutEmptied(edited) : edited);
  if (data) return data;
  const [issue] = error.issues;
  const place = (issue?.path ?? []).map(String);
  const missing = place.slice(2).join('.');
  if (value === undefined && missing === key) {
    const [group] = key.split('.');
    const others = configurationKeys.filter((one) => one !== key && one.startsWith(`${group}.`));
    throw refused(edit, `${others.join(', ')} cannot be without it`, [
      `Take that away first: huskycat-tui config unset ${others.join(', ')}`,
    ]);
  }
  if (missing !== key && configurationKeys.some((one) => one === missing))
    throw refused(edit, `it cannot be without ${missing}`, [
      `Set that first: huskycat-tui config set ${missing} VALUE`,
    ]);
  throw refused(edit, `${place.join('.')} ${issue?.message ?? 'cannot be so'}`, ['Give another value.']);
}

/** Prices are numbers and `ascii` is yes or no; all else is text, also a name of digits. */
function typed(key: string, value: string | undefined): unknown {
  if (key === 'ascii' && (value === 'true' || value === 'false')) return value === 'true';
  return value !== undefined && key.startsWith('prices.') && /^\d+(?:\.\d+)?$/.test(value)
    ? Number(value)
    : value;
}

/** A chosen profile that has just lost its last value is chosen no longer. */
function withoutEmptied({ profile, ...rest }: Partial<Configuration>): Partial<Configuration> {
  return profile === undefined || !Object.hasOwn(rest.profiles ?? {}, profile) ? rest : { profile, ...rest };
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
