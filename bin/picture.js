/** Draws docs/dashboard.svg and docs/dashboard-light.svg: the program itself, over its sandbox, in a real terminal. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { openTerminal, program, wait } from '../test/bench/terminal.js';
import { svgOf } from './terminalSvg.js';

const size = { columns: 140, rows: 38 };
const docs = join(import.meta.dirname, '../docs');
/** What the header and each pane say once their sources have answered. */
const answered = [
  /GitLab ✔/,
  /honey ✔/,
  /Attic {2}/,
  /ATTIC_TOKEN/,
  /sign:darwin/,
  /5 Pipeline #\d+/,
  /✔ bazel:build/,
];

mkdirSync(docs, { recursive: true });
for (const [theme, file] of [
  ['dark', 'dashboard.svg'],
  ['light', 'dashboard-light.svg'],
])
  writeFileSync(join(docs, file), await draw(theme));

async function draw(theme) {
  const emulator = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  const terminal = openTerminal([program, '--sandbox', '--theme', theme], {
    ...size,
    onData: (data) => emulator.write(data),
  });
  try {
    const deadline = Date.now() + 60_000;
    while (!answered.every((pattern) => pattern.test(textOf(emulator)))) {
      if (Date.now() > deadline) throw new Error(`not all of it was shown:\n${textOf(emulator)}`);
      await wait(100);
    }
    await quiet(terminal);
    return svgOf(emulator, theme);
  } finally {
    await terminal.close();
  }
}

function textOf(emulator) {
  const { active } = emulator.buffer;
  return Array.from({ length: emulator.rows }, (_, row) => active.getLine(row)?.translateToString(true)).join(
    '\n',
  );
}

/** Half a second without a byte, or three seconds: the pipeline of the sandbox goes on. */
async function quiet(terminal) {
  const until = performance.now() + 3_000;
  while (performance.now() < until && performance.now() - terminal.seen < 500) await wait(50);
}
