/** The readable parts of a JSON Web Token (RFC 7519); its signature is not checked, so claims are only what it says. */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads a token without asking anyone; undefined when it is no JWT. */
export function decodeJwt(token: string): Jwt | undefined {
  const parts = token.trim().split('.');
  if (parts.length !== 3 || token.length > 64 * 1024) return undefined;
  const [header, claims] = parts.map(jsonObject);
  return header && claims ? { header, claims } : undefined;
}

function jsonObject(part: string): Record<string, unknown> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True for an object of JSON, not for an array or null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
