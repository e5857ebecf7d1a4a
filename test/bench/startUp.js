import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../bin/bundle.js';
import { openTarget } from './target.js';
import { median, openTerminal, program, wait } from './terminal.js';

const root = join(import.meta.dirname, '../..');
const rounds = 15;

/** Milliseconds from start to exit without a terminal. */
export function timeCommand(argv) {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
    return performance.now() - start;
  });
  return median(times);
}

/** From the start of the process to what shows in a terminal: the launcher's frame, and Ink's, that keys answer to. */
export async function startUp(bare) {
  const folder = mkdtempSync(join(tmpdir(), 'huskycat-bench-'));
  const target = await openTarget();
  try {
    const ink = await bareInk(folder, 'plain', plainOptions);
    const patched = await bareInk(folder, 'patched', bundleOptions(root, 'bench'));
    const first = await shown([...target.argv], /starting/, target.home);
    const live = await shown(target.argv, 'READ ONLY', target.home);
    const answered = await shown(target.argv, 'bench/huskycat', target.home);
    const bareLive = await shown([ink], 'READ ONLY', target.home);
    const patchedLive = await shown([patched], 'READ ONLY', target.home);
    const sandbox = await shown([program, '--sandbox'], 'READ ONLY', target.home);
    const [version, help] = [timeCommand([program, '--version']), timeCommand([program, '--help'])];
    return [
      row('--version', version, bare, '≤ 1.3 × bare node'),
      row('--help', help, bare, '≤ 1.3 × bare node'),
      row(
        'first painted frame',
        first,
        bare,
        `≤ 1.5 × bare node + 30 ms = ${(1.5 * bare + 30).toFixed(0)} ms`,
      ),
      row('a bare Ink screen of five panes', bareLive, bare, ''),
      row("the same, over this program's Ink", patchedLive, bare, ''),
      {
        title: 'first live frame',
        value: `${live.toFixed(0)} ms, ${(live / bareLive).toFixed(2)} × bare Ink`,
        budget: '≤ 1.1 × bare Ink',
      },
      {
        title: 'first answer of GitLab on the screen',
        value: `${answered.toFixed(0)} ms, ${(answered / bareLive).toFixed(2)} × bare Ink`,
        budget: '',
      },
      {
        title: 'first live frame, in the sandbox',
        value: `${sandbox.toFixed(0)} ms, ${(sandbox / bareLive).toFixed(2)} × bare Ink`,
        budget: '',
      },
    ];
  } finally {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The median time until `pattern` is written; with READ ONLY, keys answer from then on. */
async function shown(argv, pattern, home) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const terminal = openTerminal(argv, { home });
    times.push(await terminal.until(pattern));
    if (pattern === 'READ ONLY') await answersKey(terminal);
    await terminal.close();
  }
  return median(times);
}

async function answersKey(terminal) {
  const before = terminal.bytes;
  terminal.write('j');
  const deadline = performance.now() + 5_000;
  while (terminal.bytes === before) {
    if (performance.now() > deadline) throw new Error('a key was not answered');
    await wait(1);
  }
}

/** Ink as it comes, as anybody would bundle it. */
const plainOptions = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  jsx: 'automatic',
  plugins: bundleOptions(root, 'bench').plugins.filter(({ name }) => name === 'without-devtools'),
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
};

/** The bare screen, with the compile cache that the program's launcher switches on too. */
async function bareInk(parent, name, options) {
  const folder = join(parent, name);
  await build({ ...options, entryPoints: ['test/bench/bareInk.tsx'], outdir: folder });
  const launcher = join(folder, 'launcher.mjs');
  writeFileSync(
    launcher,
    "import { enableCompileCache } from 'node:module';\nenableCompileCache();\nprocess.env.NODE_ENV = 'production';\nawait import('./bareInk.js');\n",
  );
  return launcher;
}

function row(title, took, bare, budget) {
  return { title, value: `${took.toFixed(0)} ms, ${(took / bare).toFixed(2)} × bare node`, budget };
}
