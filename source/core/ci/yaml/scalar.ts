/** Values that Ruby's Psych would refuse to load from a CI configuration (dates and times), as GitLab reads it. */
export class DisallowedScalar extends Error {
  override readonly name = 'DisallowedScalar';
}

const integer = /^[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)$/;
const based = /^([-+]?)(0[0-7_,]+|0x[0-9a-fA-F_,]+|0b[01_,]+)$/;
const float = /^(?:[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][+-][0-9]+)?|[-+]?[0-9][0-9_,]*[eE][+-]?[0-9]+)$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}$/;
const time =
  /^-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?$/;
const date = /^\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)$/;

/**
 * The value of a plain (unquoted) scalar by the rules of Psych's `ScalarScanner`, YAML 1.1 in Ruby's reading: `yes` and
 * `on` are true, `y` is text, `0644` is octal. Throws `DisallowedScalar` for dates.
 */
export function plainScalar(text: string): string | number | boolean | null {
  if (text === '' || text === '~' || /^(?:null|Null|NULL)$/.test(text)) return null;
  if (/^(?:yes|true|on)$/i.test(text)) return true;
  if (/^(?:no|false|off)$/i.test(text)) return false;
  if (!/^[-+.\d]/.test(text)) return text;
  if (time.test(text)) throw new DisallowedScalar('Tried to load unspecified class: Time');
  if (date.test(text)) throw new DisallowedScalar('Tried to load unspecified class: Date');
  return number(text) ?? text;
}

/** Whether the text of a number is a Float to Ruby. */
export function isFraction(text: string): boolean {
  return text.includes('.') || (/e/i.test(text) && !/x/i.test(text));
}

function number(text: string): number | undefined {
  if (/^\.inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-\.inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  if (/^\.nan$/i.test(text)) return Number.NaN;
  const digits = text.replace(/[_,]/g, '');
  if (integer.test(text)) return Number(digits);
  const [, sign, body] = based.exec(text) ?? [];
  if (body !== undefined) {
    const bare = body.replace(/[_,]/g, '');
    const value = /^0[xb]/.test(bare) ? Number(bare) : Number.parseInt(bare, 8);
    return sign === '-' ? -value : value;
  }
  if (sexagesimal.test(text)) return base60(digits);
  if (float.test(text) && /\d/.test(text)) return Number.parseFloat(digits);
  return undefined;
}

function base60(text: string): number {
  const negative = text.startsWith('-');
  const value = text
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return negative ? -value : value;
}
