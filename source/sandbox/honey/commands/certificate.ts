import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface MadeCertificate {
  readonly certificate: string;
  readonly key: string;
}

const day = 24 * 3600 * 1000;

/** A self-signed certificate of version 3 for a key on P-256 (RFC 5280); `alternatives` as openssl takes them: `IP:…`, `DNS:…`. */
export function makeCertificate(
  commonName: string,
  alternatives: readonly string[],
  { now, days }: { readonly now: number; readonly days: number },
): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(identifier('1.2.840.10045.4.3.2'));
  const name = sequence(set(sequence(identifier('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x4d]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(now - day), time(now + days * day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(authority(), names(alternatives))),
  );
  return {
    certificate: pem('CERTIFICATE', sequence(content, algorithm, bits(signature(content, privateKey)))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function signature(content: Buffer, key: KeyObject): Buffer {
  return sign('sha256', content, key);
}

/** basicConstraints: it signs itself. */
function authority(): Buffer {
  return extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))));
}

function names(alternatives: readonly string[]): Buffer {
  const entries = alternatives.map((text) => {
    const [, kind, value = ''] = /^(IP|DNS):(.+)$/.exec(text) ?? [];
    if (kind === 'DNS') return der(0x82, Buffer.from(value));
    return der(0x87, addressBytes(value));
  });
  return extension('2.5.29.17', sequence(...entries));
}

function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before = '', after = ''] = address.split('::');
  const [head, tail] = [groups(before), groups(after)];
  const all = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(identifier(oid), der(0x04, value));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function bits(bytes: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function time(at: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

function identifier(oid: string): Buffer {
  const [first = 0, second = 0, ...rest] = oid.split('.').map(Number);
  const bytes = rest.flatMap((number) => {
    const digits = [number & 127];
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

/** Tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
