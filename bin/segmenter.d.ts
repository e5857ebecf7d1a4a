/** Intl.Segmenter for graphemes, at once for texts of which each character is one. */
export class GraphemeSegmenter {
  constructor(locale?: undefined, options?: { readonly granularity: 'grapheme' });
  segment(
    text: string,
  ): Iterable<{ readonly segment: string; readonly index: number; readonly input: string }>;
}
