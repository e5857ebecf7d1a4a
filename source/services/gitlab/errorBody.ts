import { plain } from '../../core/text/safe.ts';

/** What an error's body says, in one line that is safe to show; GitLab has five forms of it. */
export interface ErrorBody {
  readonly text: string;
  /** OAuth's word: `invalid_token`, `insufficient_scope`, `insufficient_granular_scope`. */
  readonly error?: string;
  readonly scope?: string;
  readonly isHtml: boolean;
}

const limit = 300;

export function readErrorBody(bytes: Uint8Array, contentType: string): ErrorBody {
  const text = new TextDecoder().decode(bytes.subarray(0, 64 * 1024));
  const isHtml = contentType.includes('html') || /^\s*<(?:!doctype|html|head|body)\b/i.test(text);
  if (isHtml) return { text: plain(titleOf(text), limit), isHtml };
  const body = parsed(text);
  if (!isFields(body)) return { text: plain(text.trim(), limit), isHtml };
  const { error, error_description: description, scope, message, errors } = body;
  if (typeof error === 'string' && error !== '') {
    const told = typeof description === 'string' ? `${error}: ${description.replace(/\.\s*$/, '')}` : error;
    return {
      text: plain(told, limit),
      error: plain(error, limit),
      ...(typeof scope === 'string' ? { scope: plain(scope, limit) } : {}),
      isHtml,
    };
  }
  return { text: plain(flatten(message ?? errors ?? error), limit), isHtml };
}

/** `{"key": ["is invalid", "is too long"]}` as `key is invalid, key is too long`. */
function flatten(message: unknown, field = ''): string {
  if (Array.isArray(message)) return message.map((one) => flatten(one, field)).join(', ');
  if (isFields(message))
    return Object.entries(message)
      .map(([key, value]) =>
        flatten(value, key === 'base' || key === 'error' || key === 'message' ? '' : key),
      )
      .join(', ');
  return message === undefined || message === null ? '' : `${field} ${String(message)}`.trim();
}

function titleOf(html: string): string {
  return /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.trim() ?? '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
