const [smallest, largest] = [64 * 1024, 4 * 1024 * 1024];

/** Bytes that only grow, held once: in blocks that are filled up, so that nothing is copied when more comes. */
export class Chunks {
  private readonly blocks: Buffer[] = [];
  /** Offset of each block's first byte. */
  private readonly starts: number[] = [];
  private used = 0;
  length = 0;

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const block = this.room();
      const part = bytes.subarray(at, at + block.length - this.used);
      block.set(part, this.used);
      this.used += part.length;
      this.length += part.length;
      at += part.length;
    }
  }

  /** The bytes from `from` to before `to`; a view where they stand in one block, else a copy. */
  slice(from: number, to: number): Buffer {
    const end = Math.min(to, this.length);
    if (from >= end) return Buffer.alloc(0);
    const first = this.blockAt(from);
    const start = this.starts[first] ?? 0;
    const block = this.view(first);
    if (end <= start + block.length) return block.subarray(from - start, end - start);
    const parts: Buffer[] = [];
    for (let index = first, at = from; at < end; index += 1) {
      const [part, begin] = [this.view(index), this.starts[index] ?? 0];
      parts.push(part.subarray(at - begin, Math.min(part.length, end - begin)));
      at = begin + part.length;
    }
    return Buffer.concat(parts);
  }

  byteAt(at: number): number {
    if (at < 0 || at >= this.length) return -1;
    const index = this.blockAt(at);
    return this.blocks[index]?.[at - (this.starts[index] ?? 0)] ?? -1;
  }

  /** Offset of `byte` at or after `from`, before `to`; -1 when there is none. */
  indexOf(byte: number, from: number, to = this.length): number {
    for (let index = this.blockAt(from), at = from; at < to && index < this.blocks.length; index += 1) {
      const start = this.starts[index] ?? 0;
      const view = this.view(index);
      const found = view.indexOf(byte, at - start);
      if (found >= 0) return start + found < to ? start + found : -1;
      at = start + view.length;
    }
    return -1;
  }

  /** The first `length` bytes in order, without copying. */
  *parts(length: number): Generator<Buffer> {
    for (let index = 0; index < this.blocks.length; index += 1) {
      const left = length - (this.starts[index] ?? 0);
      if (left <= 0) return;
      yield this.view(index).subarray(0, left);
    }
  }

  private view(index: number): Buffer {
    const block = this.blocks[index] ?? Buffer.alloc(0);
    return index === this.blocks.length - 1 ? block.subarray(0, this.used) : block;
  }

  private room(): Buffer {
    const last = this.blocks.at(-1);
    if (last && this.used < last.length) return last;
    const size = last ? Math.min(largest, last.length * 2) : smallest;
    const block = Buffer.allocUnsafeSlow(size);
    this.blocks.push(block);
    this.starts.push(this.length);
    this.used = 0;
    return block;
  }

  private blockAt(at: number): number {
    let [low, high] = [0, this.blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}
