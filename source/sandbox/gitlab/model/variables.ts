import { expandVariables } from '../../../core/ci/expand.ts';
import { type Random, word } from './random.ts';

/** A CI/CD variable of a group or project. */
export interface Variable {
  key: string;
  value: string;
  type: 'env_var' | 'file';
  protected: boolean;
  masked: boolean;
  hidden: boolean;
  raw: boolean;
  scope: string;
  description: string | null;
}

/** The group's variables, and the password that opens the certificate. */
export interface GroupSecrets {
  readonly variables: Variable[];
  readonly certificatePassword: string;
}

const team = '9X7Q2K4B8T';

/**
 * The twelve variables, with the flags that the plan's tables show. Values have the shapes of the real ones. The two
 * passwords hold a `$` and are not raw: what a job gets is not what was entered.
 */
export function groupSecrets(random: Random, atticToken: string): GroupSecrets {
  const certificatePassword = `${word(random, 6)}$${reference(random)}-${word(random, 4)}`;
  const installerPassword = `${word(random, 5)}$${reference(random)}`;
  const variable = (key: string, value: string, flags: Partial<Variable> = {}): Variable => ({
    key,
    value,
    type: 'env_var',
    protected: false,
    masked: false,
    hidden: false,
    raw: false,
    scope: '*',
    description: null,
    ...flags,
  });
  const masked = { masked: true };
  const guarded = { protected: true };
  const groups = Array.from({ length: 4 }, () => word(random, 4, 'abcdefghijklmnopqrstuvwxyz'));
  const variables = [
    variable('APPLE_CERTIFICATE_BASE64', der(random, 3240), masked),
    variable('APPLE_INSTALLER_CERTIFICATE_BASE64', der(random, 3228), masked),
    variable('APPLE_CERTIFICATE_PASSWORD', certificatePassword),
    variable('APPLE_INSTALLER_CERTIFICATE_PASSWORD', installerPassword),
    variable('APPLE_DEVELOPER_ID_APPLICATION', `Developer ID Application: Tinyland Inc (${team})`),
    variable('APPLE_DEVELOPER_ID_INSTALLER', `Developer ID Installer: Tinyland Inc (${team})`),
    variable('APPLE_DEVELOPER_ID_CA_G2', wrapped(der(random, 1093)), guarded),
    variable('APPLE_WWDR_CA_G2', wrapped(der(random, 1062)), guarded),
    variable('APPLE_ID', 'signing@tinyland.example', guarded),
    variable('APPLE_NOTARIZE_PASSWORD', groups.join('-'), { ...guarded, ...masked }),
    variable('APPLE_TEAM_ID', team, guarded),
    variable('ATTIC_TOKEN', atticToken, { ...masked, description: 'Pull and push, cache main' }),
  ];
  return { variables, certificatePassword };
}

/** What reads as the name of a variable: it begins with no digit. */
function reference(random: Random): string {
  return word(random, 6, 'ABCDEFGHJKLMNPQRSTUVWXYZ');
}

/** Base64 of as many bytes that begin as a DER sequence of that length does. */
function der(random: Random, length: number): string {
  const bytes = Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  bytes.set([0x30, 0x82, (length - 4) >> 8, (length - 4) & 255]);
  return bytes.toString('base64');
}

/** As GNU `base64` prints it. */
function wrapped(base64: string): string {
  return `${base64.match(/.{1,76}/g)?.join('\n') ?? ''}\n`;
}

/** What a job on a ref gets of a list, later owners winning; values that are not raw have their references expanded. */
export function jobVariables(
  lists: readonly (readonly Variable[])[],
  isProtected: boolean,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const values: Record<string, string> = {};
  const raw = new Set<string>();
  for (const { key, value, protected: guarded, raw: isRaw } of lists.flat()) {
    if (guarded && !isProtected) continue;
    values[key] = value;
    if (isRaw) raw.add(key);
    else raw.delete(key);
  }
  const known = { ...values, ...given };
  return Object.fromEntries(
    Object.entries(known).map(([key, value]) => [key, raw.has(key) ? value : expandVariables(value, known)]),
  );
}
