/** The bytes after the first `known`, without holding any. */
export async function* dropPrefix(
  body: AsyncIterable<Uint8Array>,
  known: number,
): AsyncGenerator<Uint8Array> {
  let left = known;
  for await (const piece of body) {
    if (left < piece.length) yield left === 0 ? piece : piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
