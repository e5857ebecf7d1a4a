import { readShell, type ShellCommand } from '../shell/read.ts';

/** Programs of busybox, and words of a shell, that the builders' images have. */
export const common: ReadonlySet<string> = new Set(
  `. : [ [[ awk base64 basename break cat cd chmod continue cp cut date dirname echo env eval exit export expr false find grep gunzip
  gzip head id ln local ls md5sum mkdir mktemp mv nproc printenv printf pwd read readlink readonly realpath return rm sed seq set sh sha256sum shift sleep sort source stat
  tail tar tee test touch tr trap true type umask uname uniq unset unzip wc which whoami xargs`.split(/\s+/),
);

/** Every program that a command runs: its own, and those whose output its words hold, `"$(git describe)"`. */
export function programsOf({ words, assignments }: ShellCommand): string[] {
  const [first] = words;
  const inner = [...words, ...assignments].flatMap(({ raw, isPlain }) => (isPlain ? [] : substitutions(raw)));
  return [
    ...(first ? [first.text] : []),
    ...inner.flatMap((text) => readShell(text).commands.flatMap(programsOf)),
  ];
}

/** The texts within `$(…)` and backquotes, outermost only. */
function substitutions(raw: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const isOld = raw.charAt(at) === '`';
    if (!isOld && !/^\$\((?!\()/.test(raw.slice(at, at + 3))) continue;
    const start = at + (isOld ? 1 : 2);
    const end = isOld ? raw.indexOf('`', start) : closed(raw, start);
    if (end < 0) break;
    found.push(raw.slice(start, end));
    at = end;
  }
  return found;
}

function closed(raw: string, start: number): number {
  let depth = 1;
  for (let at = start; at < raw.length; at += 1) {
    const character = raw.charAt(at);
    if (character === "'") at = Math.max(at, raw.indexOf("'", at + 1));
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

const installers = ['apk', 'apt', 'apt-get', 'curl', 'dnf', 'git', 'jq', 'wget', 'yum'];

/** Programs that no image is built, used or pushed with. */
export const harmless: ReadonlySet<string> = new Set([...common, ...installers]);
