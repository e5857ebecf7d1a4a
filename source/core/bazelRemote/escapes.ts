/**
 * A word of `ExecStart=`, as systemd reads it: in double quotes with escapes as in C (systemd.syntax(7)), with `%` and `$` doubled
 * so that they are neither a specifier nor a variable (systemd.service(5)).
 */
export function execWord(word: string): string {
  const doubled = word.replaceAll('%', '%%').replaceAll('$', () => '$$');
  return /^[\w@%+=:,./$-]+$/.test(doubled) ? doubled : `"${escaped(doubled)}"`;
}

/**
 * A word of a list in a quadlet (`Environment=`, `EnvironmentFile=`, `Label=`, `Exec=`, `PodmanArgs=`). Its generator takes quotes
 * and escapes away, and puts the words into the `ExecStart=` that it makes: quoted again, but with `%` and `$` as they are.
 */
export const quadletWord = execWord;

/** A whole value of a quadlet that is not parted into words, such as `Volume=`; systemd still reads `%` and `$` in it. */
export function quadletValue(value: string): string {
  return value.replaceAll('%', '%%').replaceAll('$', () => '$$');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
