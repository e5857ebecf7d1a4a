import { hex, type Random } from '../model/random.ts';
import type { Item } from './items.ts';

const wrong =
  'security: SecKeychainItemImport: MAC verification failed during PKCS12 import (wrong password?)';

/** What `security import FILE` prints; a wrong password ends the job. */
export function securityImport(isWrong: boolean): Item[] {
  if (isWrong) return [{ text: wrong, isError: true, weight: 1 }];
  return [{ text: '1 identity imported.', weight: 2 }];
}

/** What `codesign` prints, as far as it prints anything. */
export function codesign(command: string): Item[] {
  const file = 'dist/bin/darwin-arm64/huskycat';
  if (command.includes('--verify'))
    return [
      { text: `${file}: valid on disk`, isError: true, weight: 1 },
      { text: `${file}: satisfies its Designated Requirement`, isError: true, weight: 1 },
    ];
  return command.includes('--display') ? [{ text: 'TeamIdentifier=9X7Q2K4B8T', weight: 1 }] : [];
}

/** What notarytool prints while Apple looks at the package. */
export function notarize(random: Random): Item[] {
  const id = [8, 4, 4, 4, 12].map((length) => hex(random, length)).join('-');
  const dots = Array.from(
    { length: 12 },
    (_, index) => `Current status: In Progress${'.'.repeat(index + 1)}`,
  );
  return [
    {
      text: 'Conducting pre-submission checks for huskycat-darwin-arm64.pkg and initiating connection',
      weight: 4,
    },
    { text: 'Submission ID received', weight: 1 },
    { text: `  id: ${id}`, weight: 20 },
    { text: 'Successfully uploaded file', weight: 2 },
    { text: [...dots, 'Current status: Accepted'].join('\r'), weight: 120 },
    { text: 'Processing complete', weight: 1 },
    { text: `  id: ${id}`, weight: 0.1 },
    { text: '  status: Accepted', weight: 1 },
  ];
}
