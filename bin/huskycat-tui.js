#!/usr/bin/env node
import './requireNode.js';

// Node's own modules are taken as they are: what import gives of one is all that it exports, read one by one.
const nodeModule = process.getBuiltinModule('node:module');
const args = process.argv.slice(2);
const [only] = args.length === 1 ? args : [];
if (only === '--version') {
  const { version } = nodeModule.createRequire(import.meta.url)('../package.json');
  process.stdout.write(`${version}\n`);
} else if (only === '--help' || only === '-h') {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  process.stdout.write(readFileSync(new URL('../dist/help.txt', import.meta.url), 'utf8'));
} else {
  process.env.NODE_ENV = 'production';
  const screen = process.stdout.isTTY && (args.length === 0 || args[0].startsWith('-'));
  // A screen makes much short-lived garbage, for which V8 would let its heap grow and never give the memory back: its young
  // generation stays small, and all is collected when the heap is a third more than what was in use. Code is optimized once,
  // when it is hot, and here: the compilers in between and threads of their own take 15 MB, and a key no less time.
  if (screen)
    for (const flag of [
      '--semi-space-growth-factor=1',
      '--heap-growing-percent=30',
      '--no-sparkplug',
      '--no-maglev',
      '--no-concurrent-recompilation',
    ])
      process.getBuiltinModule('node:v8').setFlagsFromString(flag);
  // After the flags: V8 takes no code that was kept under others, and Node keeps a folder for each set of them.
  nodeModule.enableCompileCache?.();
  const alone = args[0] === 'ci' ? (await import('./ciJobs.js')).ciJobs(args) : undefined;
  const painted = screen ? (await import('../dist/firstPaint.js')).paintFirst(args) : undefined;
  process.exitCode = painted
    ? await (await import('../dist/screen.js')).startScreen(painted)
    : await (alone ?? (await import('../dist/main.js'))).main(process.argv);
}
