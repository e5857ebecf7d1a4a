import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const sources = readdirSync(join(root, 'source'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox/'))
  .map((file) => ({ file, text: readFileSync(join(root, 'source', file), 'utf8') }));

function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

test('only the gate opens grants', () => {
  expect(filesWith(/\bopenGrant\b/).sort()).toEqual(['services/gate.ts', 'services/grant.ts']);
});

test('only the primitives behind the gate, and the journal, can change files or start programs', () => {
  expect(filesWith(/from 'node:(?:fs|fs\/promises)'/).sort()).toEqual([
    // Opens read-only, to look at the mode and the bytes of one and the same file.
    'services/config/private.ts',
    'services/files/exclusive.ts',
    'services/files/folder.ts',
    'services/files/inside.ts',
    'services/files/read.ts',
    'services/files/temporary.ts',
    'services/files/write.ts',
    'services/git/checkout.ts',
    'services/journal.ts',
    'services/toolchain/which.ts',
  ]);
  expect(filesWith(/from 'node:child_process'/).sort()).toEqual([
    // `git cat-file` alone: whoever resolves a configuration needs a file at once.
    'services/git/blobs.ts',
    // The user's own editor, in the user's own terminal.
    'services/process/interactive.ts',
    'services/process/pipe.ts',
    'services/process/run.ts',
  ]);
});

test.each([
  ['services/git/checkout.ts', ['existsSync', 'readFileSync', 'readdirSync', 'realpathSync']],
  ['services/files/folder.ts', ['readdirSync']],
  ['services/files/read.ts', ['readFileSync']],
  ['services/toolchain/which.ts', ['accessSync', 'constants', 'statSync']],
])('%s only reads', (name, allowed) => {
  const { text = '' } = sources.find(({ file }) => file === name) ?? {};
  const [, names = ''] = /import \{([^}]*)\} from 'node:fs'/.exec(text) ?? [];
  expect(
    names
      .split(',')
      .map((one) => one.trim())
      .sort(),
  ).toEqual(allowed);
});

test('nothing outside a service opens a connection', () => {
  expect(
    filesWith(/from 'node:(?:net|tls|http|https|http2|dgram)'|(?:^|[=(:]|await|return)\s*fetch\(/m).sort(),
  ).toEqual([
    // gRPC: unary calls that ask for health and capabilities.
    'services/bazelRemote/grpc.ts',
    // Which certificates are trusted: it reads.
    'services/http/authorities.ts',
    // Checks that header fields can be sent; opens nothing.
    'services/http/headers.ts',
    // What sends for the transport of all HTTP; its writes take a grant.
    'services/http/send.ts',
    // For a server whose certificate is given: whom it trusts, and the transport that does; its writes take a grant.
    'services/http/trust.ts',
    'services/http/trustedTransport.ts',
  ]);
});
