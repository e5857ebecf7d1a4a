import { openTarget } from './target.js';
import { openTerminal, processorTime, residentMemory, wait } from './terminal.js';

const seconds = 60;
/** Times that everything is asked again: more answers than an idle hour brings. */
const refreshes = 120;

/** The dashboard over a finished pipeline and caches at the world's pace: what it costs when nobody looks. */
export async function idle() {
  const target = await openTarget({ hasCaches: true });
  const terminal = openTerminal(target.argv, { home: target.home });
  try {
    await terminal.until('READ ONLY');
    await wait(10_000);
    const before = {
      bytes: terminal.bytes,
      processor: processorTime(terminal.pid),
      requests: await target.requests(),
    };
    await wait(seconds * 1_000);
    const bytes = (terminal.bytes - before.bytes) / seconds;
    const processor = (processorTime(terminal.pid) - before.processor) / seconds;
    const requests = (((await target.requests()) - before.requests) * 60) / seconds;
    const settled = residentMemory(terminal.pid);
    for (let tick = 0; tick < refreshes; tick += 1) {
      terminal.write('R');
      await wait(150);
    }
    // Memory is given back when no frame came for a while.
    await wait(5_000);
    const ticked = residentMemory(terminal.pid);
    return [
      { title: 'bytes to the terminal, idle', value: `${bytes.toFixed(0)} a second`, budget: '≤ 40' },
      { title: 'processor, idle', value: `${processor.toFixed(1)} ms a second`, budget: '≤ 10 ms' },
      { title: 'GitLab requests, idle', value: `${requests.toFixed(0)} a minute`, budget: '≤ 20' },
      { title: 'memory, settled', value: `${settled.toFixed(0)} MB`, budget: '≤ 100 MB' },
      {
        title: `memory, after ${refreshes} refreshes of all`,
        value: `${ticked.toFixed(0)} MB`,
        budget: '≤ 110 MB, flat',
      },
    ];
  } finally {
    await terminal.close();
    await target.close();
  }
}
