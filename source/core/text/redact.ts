const mask = '[MASKED]';

/** Shapes that are secrets whoever made them: GitLab tokens, JWTs, credentials in URLs and headers, private keys. */
const shapes: readonly [RegExp, string][] = [
  [/\b(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-)[A-Za-z0-9_.=-]{10,}/g, mask],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*/g, mask],
  [
    /((?:private-token|job-token|authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:(?:bearer|basic)\s+)?)[^\s"',;]+/gi,
    `$1${mask}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(@)/gi, `$1${mask}$2`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
];

/** Replaces known secrets, in any of the forms they travel in, and everything that has the shape of one. */
export interface Redactor {
  /** Remembers a value that must never be shown; shorter than 4 characters is too common to hide and is ignored. */
  add(secret: string): void;
  redact(text: string): string;
}

export function createRedactor(): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  let isStale = false;
  /** Compiled when it is needed next: a project may have thousands of secrets, which come one by one. */
  const compiled = (): RegExp | undefined => {
    if (!isStale) return pattern;
    isStale = false;
    const longestFirst = [...known].sort((a, b) => b.length - a.length).map(escapePattern);
    pattern = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : undefined;
    return pattern;
  };
  return {
    add(secret) {
      for (const form of forms(secret)) if (form.length >= 4) known.add(form);
      isStale = true;
    },
    redact(text) {
      const all = compiled();
      const without = all ? text.replace(all, mask) : text;
      return shapes.reduce((rest, [shape, put]) => rest.replace(shape, put), without);
    },
  };
}

function forms(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= 8);
  const base = Buffer.from(secret, 'utf8').toString('base64');
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, secret.trim(), ...lines, base, base.replace(/=+$/, ''), encodeURIComponent(secret), json];
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
