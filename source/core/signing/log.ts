/** What a line of a signing or notarization log means. */
export interface SigningVerdict {
  readonly code: string;
  readonly means: string;
  readonly fix: string;
}

/** Words of Apple's tools, as `security`, `codesign` and `notarytool` print them, with what they mean. */
const verdicts: readonly [RegExp, SigningVerdict][] = [
  [
    /MAC verification failed during PKCS12 import/,
    {
      code: 'p12-password',
      means:
        'the certificate file did not open: a wrong password, or a PKCS#12 in a form that macOS cannot read',
      fix: 'Export the certificate again with a non-empty password in the legacy form (openssl pkcs12 -export -legacy), and set both variables.',
    },
  ],
  [
    /Unable to decode the provided data/,
    {
      code: 'p12-unreadable',
      means: 'the certificate is no PKCS#12 that macOS can read',
      fix: 'Export it again with a password, and encode it with base64 -w0.',
    },
  ],
  [
    /errSecInternalComponent/,
    {
      code: 'keychain-locked',
      means: 'the keychain is locked, or codesign may not use the key',
      fix: 'Unlock the keychain and run security set-key-partition-list in the job.',
    },
  ],
  [
    /The specified item could not be found in the keychain|no identity found|\b0 valid identities found/,
    {
      code: 'no-identity',
      means: 'no signing identity of that name is in the keychain',
      fix: 'Compare the identity’s name with the common name of the certificate.',
    },
  ],
  [
    /unable to build chain to self-signed root/,
    {
      code: 'chain-incomplete',
      means: 'the intermediate certificate (Developer ID CA G2) is missing',
      fix: 'Import APPLE_DEVELOPER_ID_CA_G2 in the job, on a ref that gets the variable.',
    },
  ],
  [
    /HTTP status code: 401|Invalid credentials\. Username or password is incorrect/,
    {
      code: 'notary-login',
      means: 'Apple refused the account or its app-specific password',
      fix: 'Make a new app-specific password at appleid.apple.com and set APPLE_NOTARIZE_PASSWORD.',
    },
  ],
  [
    /HTTP status code: 403[\s\S]*agreement/,
    {
      code: 'agreement',
      means: 'an agreement with Apple is missing or has expired',
      fix: 'The account holder has to accept it at developer.apple.com.',
    },
  ],
  [
    /Team is not yet configured for notarization/,
    {
      code: 'team-not-configured',
      means: 'Apple has not enabled notarization for the team',
      fix: 'Ask Apple’s developer support.',
    },
  ],
  [
    /APPLE_ID not set, skipping notarization/,
    {
      code: 'notarization-skipped',
      means: 'notarization was skipped, and the job is green all the same',
      fix: 'Give the ref the variables: protect the tags that are released, or unprotect the variables.',
    },
  ],
  [
    /status: (?:Invalid|Rejected)/,
    {
      code: 'notarization-refused',
      means: 'Apple refused to notarize the package',
      fix: 'Read notarytool’s log of the submission: it names each file and reason.',
    },
  ],
];

const accepted = /status: Accepted/;

/** What a job's log says about signing: the first verdict on a trouble, or that Apple accepted, or nothing. */
export function readSigningLog(text: string): SigningVerdict | 'accepted' | undefined {
  const found = verdicts.find(([pattern]) => pattern.test(text));
  if (found) return found[1];
  return accepted.test(text) ? 'accepted' : undefined;
}
