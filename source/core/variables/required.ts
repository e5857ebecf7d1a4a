/** A variable that the build system cannot do without, and for what. */
export interface RequiredVariable {
  readonly key: string;
  readonly purpose: string;
  /** Whether its value is a secret, and so should be masked. */
  readonly secret: boolean;
}

/** What signing and notarizing a macOS package takes, in the order of use. */
export const signingVariables: readonly RequiredVariable[] = [
  secret('APPLE_CERTIFICATE_BASE64', 'the Developer ID Application certificate (PKCS#12)'),
  secret('APPLE_CERTIFICATE_PASSWORD', 'the password of the application certificate'),
  secret('APPLE_INSTALLER_CERTIFICATE_BASE64', 'the Developer ID Installer certificate (PKCS#12)'),
  secret('APPLE_INSTALLER_CERTIFICATE_PASSWORD', 'the password of the installer certificate'),
  open('APPLE_DEVELOPER_ID_APPLICATION', 'the name of the application identity'),
  open('APPLE_DEVELOPER_ID_INSTALLER', 'the name of the installer identity'),
  open('APPLE_DEVELOPER_ID_CA_G2', 'the intermediate certificate of the Developer ID chain'),
  open('APPLE_ID', 'the account that notarizes'),
  secret('APPLE_NOTARIZE_PASSWORD', 'the app-specific password for notarization'),
  open('APPLE_TEAM_ID', 'the team that signs'),
];

/** What the Nix cache takes. */
const atticVariables: readonly RequiredVariable[] = [secret('ATTIC_TOKEN', 'pushing to the Attic cache')];

export const requiredVariables: readonly RequiredVariable[] = [...signingVariables, ...atticVariables];

/** Named in the plan, and of no use here: WWDR G2 is for Apple Pay; a Developer ID chain does not hold it (Apple's WWDR table). */
export const uselessVariables: ReadonlyMap<string, string> = new Map([
  [
    'APPLE_WWDR_CA_G2',
    'Developer ID certificates chain through Developer ID CA G2 to the Apple root; WWDR G2 is for Apple Pay.',
  ],
]);

/** Names whose values are secrets whatever they are for. */
export const secretName = /TOKEN|PASSWORD|PASSWD|SECRET|PRIVATE_KEY|API_KEY|CREDENTIAL/;

function secret(key: string, purpose: string): RequiredVariable {
  return { key, purpose, secret: true };
}

function open(key: string, purpose: string): RequiredVariable {
  return { key, purpose, secret: false };
}
