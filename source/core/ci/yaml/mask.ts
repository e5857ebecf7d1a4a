/** A block of input interpolation: `$[[ inputs.name | function ]]`. */
const block = /\$\[\[.*?\]\]/g;

/** Private-use characters: legal in a plain scalar of YAML, also in flow style, where brackets are not. */
const first = 0xe000;
const base = 0x400;

export interface Masked {
  /** Of the same length, so that every position holds. */
  readonly text: string;
  /** Puts the blocks back into a piece of the text. */
  readonly unmask: (piece: string) => string;
}

/** Hides interpolation blocks from the YAML parser, since GitLab interpolates the text before it parses it. */
export function maskBlocks(text: string): Masked {
  const blocks: string[] = [];
  if (!text.includes('$[[') || /[\ue000-\uf8ff]/.test(text)) return { text, unmask: (piece) => piece };
  const masked = text.replace(block, (found) => {
    const index = blocks.push(found) - 1;
    const mark = String.fromCharCode(first + Math.floor(index / base), first + base + (index % base));
    return mark + '\uf8ff'.repeat(found.length - mark.length);
  });
  const unmask = (piece: string): string =>
    piece.replace(/[\ue000-\uf8fe]{2}\uf8ff+/g, (mark) => {
      const index = (mark.charCodeAt(0) - first) * base + mark.charCodeAt(1) - first - base;
      return blocks[index] ?? mark;
    });
  return { text: masked, unmask };
}
