import { openTarget } from './target.js';
import { openTerminal, residentMemory, share, wait } from './terminal.js';

const jobs = 5_000;

/** From a key to the end of the frame that answers it, in a pipeline of 5,000 jobs. */
export async function keys() {
  const target = await openTarget({ jobs });
  const terminal = openTerminal(target.argv, { home: target.home });
  try {
    await terminal.until('READ ONLY');
    terminal.write('5');
    await terminal.until(`/${jobs}`, 60_000);
    await wait(3_000);
    const rows = [await press(terminal, 'key to frame, pane of 5,000 jobs', 'j', 200, 30)];
    terminal.write('+');
    for (const view of ['by stage', 'by needs', 'timeline']) {
      await wait(1_500);
      rows.push(await press(terminal, `key to frame, ${view}`, 'j', 100, 30));
      terminal.write('v');
    }
    return [
      ...rows,
      { title: 'memory, 5,000 jobs', value: `${residentMemory(terminal.pid).toFixed(0)} MB`, budget: '' },
    ];
  } finally {
    await terminal.close();
    await target.close();
  }
}

async function press(terminal, title, key, count, gap) {
  const latencies = [];
  const bytes = [];
  for (let index = 0; index < count; index += 1) {
    const before = terminal.bytes;
    const start = performance.now();
    terminal.seen = undefined;
    terminal.write(key);
    await wait(gap);
    if (terminal.seen !== undefined) latencies.push(terminal.seen - start);
    bytes.push(terminal.bytes - before);
  }
  const [middle, worst] = [share(latencies, 0.5), share(latencies, 0.99)];
  return {
    title,
    value: `p50 ${middle.toFixed(1)} ms, p99 ${worst.toFixed(1)} ms, ${share(bytes, 0.5)} bytes a key (${Math.max(...bytes)} at most), ${latencies.length} of ${count} answered`,
    budget: 'p50 ≤ 10 ms, p99 ≤ 25 ms, ≤ 2,000 bytes',
  };
}
