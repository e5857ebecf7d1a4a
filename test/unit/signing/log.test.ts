import { expect, test } from 'vitest';
import { readSigningLog } from '../../../source/core/signing/log.ts';

test.each([
  ['SecKeychainItemImport: MAC verification failed during PKCS12 import (wrong password?)', 'p12-password'],
  ['build.app: errSecInternalComponent', 'keychain-locked'],
  ['     0 valid identities found', 'no-identity'],
  ['Warning: unable to build chain to self-signed root for signer', 'chain-incomplete'],
  ['Error: HTTP status code: 401. Invalid credentials. Username or password is incorrect.', 'notary-login'],
  ['HTTP status code: 403. A required agreement is missing or has expired.', 'agreement'],
  ['APPLE_ID not set, skipping notarization', 'notarization-skipped'],
  ['  status: Invalid', 'notarization-refused'],
])('%s', (line, code) => {
  expect(readSigningLog(`before\n${line}\nafter`)).toMatchObject({ code });
});

test('an accepted submission is said to be accepted, and other logs say nothing', () => {
  expect(readSigningLog('  id: 1234\n  status: Accepted\n')).toBe('accepted');
  expect(readSigningLog('Job succeeded')).toBeUndefined();
});
