import { NeedsUser } from '../../core/failure.ts';

/** No token of GitLab's, nor a JWT, is longer. */
const longest = 16 * 1024;

/**
 * A token as it was pasted, written or printed: without the space around it. Throws `NeedsUser` with code `token-shape` for
 * what cannot be one; nothing of it is quoted.
 */
export function tokenOf(text: string, tried: string): string {
  const token = text.replace(/^\uFEFF/, '').trim();
  const saw =
    token === ''
      ? 'it is empty'
      : token.length > longest
        ? 'it is longer than any token'
        : /^[\x21-\x7E]+$/.test(token)
          ? undefined
          : 'it is more than one word, or holds characters that no token has';
  if (saw === undefined) return token;
  throw new NeedsUser({ tried, saw, next: ['Give the token alone, on one line.'], code: 'token-shape' });
}
