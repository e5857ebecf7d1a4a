import { commentStart } from '../claimFiles.ts';
import { type FoundValue, looksLikeValue, settingKind } from './settings.ts';

/** A setting's name: after a literal `\n` too, as in `NIX_CONFIG: "a = b\nc = d"`. */
const names =
  /(?:(?<![\w-])|(?<=\\n))(--)?((?:extra-|trusted-)?(?:substituters|binary-caches|public-keys)|extra-trusted-public-keys|(?:extra-)?binary-cache-public-keys)(?![\w-])/g;

/**
 * Finds the values of cache settings in text that is not Nix: lines of nix.conf, also inside YAML, heredocs and `NIX_CONFIG`,
 * and command line options (`--option NAME VALUE`, `--extra-substituters VALUE`).
 */
export function scanText(text: string, isProse = false): FoundValue[] {
  if (!/substituters|public-keys|binary-caches/.test(text)) return [];
  const found: FoundValue[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.length < 20_000)
      for (const one of scanLine(line, isProse)) found.push({ ...one, at: one.at + start });
    start += line.length + 1;
  }
  return found;
}

function scanLine(line: string, isProse: boolean): FoundValue[] {
  const comment = commentStart(line);
  return [...line.matchAll(names)].flatMap((match) => {
    const [whole, dashes, setting = ''] = match;
    const kind = settingKind(setting);
    if (!kind) return [];
    const end = match.index + whole.length;
    const before = line.slice(0, match.index);
    const isOption = dashes !== undefined || /--option\s+["']?$/.test(before);
    const [gap] = (isOption ? /^(?:["']?\s+|=)/ : /^\s*[=:](?!=)\s*/).exec(line.slice(end)) ?? [];
    if (gap === undefined) return [];
    const isCommented = comment >= 0 && match.index > comment;
    const words = wordsFrom(line, end + gap.length, isOption);
    const mayBeProse = isProse || isCommented || gap.includes(':');
    const odd = mayBeProse ? words.findIndex(({ text }) => !looksLikeValue(kind, text)) : -1;
    return words
      .slice(0, odd < 0 ? words.length : odd)
      .map(({ text, at }) => ({ setting, text, at, isCommented }));
  });
}

/** The words of a value: to the end of its quotes; without quotes one word of an option, or to the end of a line of nix.conf. */
function wordsFrom(line: string, from: number, isOption: boolean): { text: string; at: number }[] {
  const [, open = '', quote] = /^(\\?(["']))?/.exec(line.slice(from)) ?? [];
  const start = from + open.length;
  const closing = quote === undefined ? -1 : line.indexOf(quote, start);
  const value = line.slice(start, closing < 0 ? line.length : closing);
  const words: { text: string; at: number }[] = [];
  for (const match of value.matchAll(/\S+/g)) {
    if (/^(?:#|-|[&|<>])/.test(match[0])) break;
    const [text = ''] = match[0].split(/["'`;|]|\\n|\\$/);
    if (text !== '') words.push({ text, at: start + match.index });
    if (text !== match[0] || (isOption && quote === undefined)) break;
  }
  return words;
}
