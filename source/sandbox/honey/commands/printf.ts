const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\u001b',
  '\\': '\\',
  '"': '"',
};

/** What printf(1) prints: the format is used again while arguments are left. */
export function formatted(format: string, args: readonly string[]): string {
  let text = '';
  const rest = [...args];
  do {
    const before = rest.length;
    text += once(format, () => rest.shift() ?? '');
    if (rest.length === before) break;
  } while (rest.length > 0);
  return text;
}

function once(format: string, next: () => string): string {
  return format.replace(
    /\\(?:([0-7]{1,3})|([\s\S]))|%(%|([-0+ ]*)(\d*)(?:\.(\d+))?([sdiuxXocbqf]))/g,
    (
      _,
      octal?: string,
      letter?: string,
      directive?: string,
      flags = '',
      width = '',
      precision?: string,
      kind?: string,
    ) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (letter !== undefined) return escapes[letter] ?? `\\${letter}`;
      if (directive === '%') return '%';
      const value = convert(kind ?? 's', next(), precision);
      const size = Number(width || 0);
      if (flags.includes('-')) return value.padEnd(size);
      return value.padStart(size, flags.includes('0') && kind !== 's' ? '0' : ' ');
    },
  );
}

function convert(kind: string, value: string, precision: string | undefined): string {
  switch (kind) {
    case 's':
      return precision === undefined ? value : value.slice(0, Number(precision));
    case 'b':
      return formatted(value.replaceAll('%', '%%'), []);
    case 'q':
      return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
    case 'c':
      return value.slice(0, 1);
    case 'f':
      return (Number.parseFloat(value) || 0).toFixed(Number(precision ?? 6));
    case 'x':
      return (Number(value) || 0).toString(16);
    case 'X':
      return (Number(value) || 0).toString(16).toUpperCase();
    case 'o':
      return (Number(value) || 0).toString(8);
    default:
      return String(Math.trunc(Number(value) || 0));
  }
}
