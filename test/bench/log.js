/** A job log of 100 MB: reading it in, the first screen, search, and memory. Judges nothing. Run with --expose-gc. */
import { foldLines } from '../../source/core/trace/folding.ts';
import { TraceLog } from '../../source/core/trace/log.ts';
import { LogSearch } from '../../source/core/trace/search.ts';

const size = 100 * 1_000_000;
const line =
  '\u001B[32m[%]\u001B[0m compiling //source/package/module:target_library with a few more words of detail\n';
const piece = Buffer.from(line.repeat(600));

globalThis.gc?.();
const before = process.memoryUsage().rss;
const log = new TraceLog();
const timed = (title, budget, run) => {
  const start = performance.now();
  const note = run() ?? '';
  console.log(
    `${title.padEnd(34)} ${(performance.now() - start).toFixed(1).padStart(7)} ms  ${note}  ${budget}`,
  );
};
console.log('\n100 MB log');
timed('take it in', '≤ 500 ms with the first screen', () => {
  while (log.size < size) log.append(piece);
  log.complete();
  return `${log.lineCount} lines`;
});
timed('first screen, at its end', '', () => {
  const folding = foldLines(log, new Map());
  for (let row = folding.rows - 60; row < folding.rows; row += 1) log.line(folding.lineAt(row));
});
for (const query of ['no such text', 'No such text']) {
  const start = performance.now();
  const search = new LogSearch(log, query);
  while (!search.isDone) search.advance(8 << 20);
  const seconds = (performance.now() - start) / 1_000;
  console.log(
    `${`search '${query}'`.padEnd(34)} ${(seconds * 1_000).toFixed(1).padStart(7)} ms  ${(log.size / 1e6 / seconds).toFixed(0)} MB/s  ≥ 200 MB/s`,
  );
}
globalThis.gc?.();
const held = (process.memoryUsage().rss - before) / log.size;
console.log(`${'memory'.padEnd(34)} ${held.toFixed(2).padStart(7)} × the log  ≤ 1.5 ×`);
