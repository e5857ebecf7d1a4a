import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trustAuthorities } from '../../../source/services/http/authorities.ts';
import { selfSigned } from './certificate.ts';
import { listen } from './server.ts';
import { failureOf, httpWorld } from './world.ts';

let folder: string;
let before: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'huskycat-authorities-'));
  before = getCACertificates('default');
});
afterEach(() => {
  setDefaultCACertificates(before);
  rmSync(folder, { recursive: true });
});

function fingerprints(certificates: readonly string[]): Set<string> {
  return new Set(certificates.map((one) => new X509Certificate(one).fingerprint256));
}

function file(text: string): string {
  const path = join(folder, 'ca.pem');
  writeFileSync(path, text);
  return path;
}

test('a server of an authority that nobody else trusts is reached with its certificate, and not without', async () => {
  const certificate = selfSigned({ host: '127.0.0.1' });
  const server = createServer(certificate, (_request, response) => response.end('ok'));
  const url = `https://127.0.0.1:${await listen(server)}/`;
  try {
    const failure = await failureOf(httpWorld().transport.read({ url }));
    expect(failure.next[0]).toContain('--ca-file');
    trustAuthorities(file(`Subject: CN=127.0.0.1\n${certificate.cert}\n`));
    expect((await httpWorld().transport.read({ url })).status).toBe(200);
    // The usual ones are still trusted.
    const now = fingerprints(getCACertificates('default'));
    expect([...fingerprints(before)].filter((one) => !now.has(one))).toEqual([]);
  } finally {
    server.close();
  }
});

test.each([
  ['nothing here', 'it holds no certificate in PEM'],
  ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'certificate 1 of 1 cannot be read'],
])('a file with %j is refused', (text, saw) => {
  expect(() => trustAuthorities(file(text))).toThrow(
    expect.objectContaining({ code: 'bad-ca-file', saw, kind: 'needs-user' }),
  );
});

test('a file that is not there is refused', () => {
  expect(() => trustAuthorities(join(folder, 'gone.pem'))).toThrow(
    expect.objectContaining({ code: 'bad-ca-file', saw: expect.stringContaining('ENOENT') }),
  );
});
