#!/usr/bin/env node
import * as nodeModule from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `huskycat-tui needs Node 22.12 or newer; this is ${process.versions.node}.\n` +
      'Install a newer Node (https://nodejs.org), or start it from a checkout with: npm ci && npm start\n',
  );
  process.exit(2);
}

const args = process.argv.slice(2);
const [only] = args.length === 1 ? args : [];
if (only === '--version') {
  const { version } = nodeModule.createRequire(import.meta.url)('../package.json');
  process.stdout.write(`${version}\n`);
} else if (only === '--help' || only === '-h') {
  const { readFileSync } = await import('node:fs');
  process.stdout.write(readFileSync(new URL('../dist/help.txt', import.meta.url), 'utf8'));
} else {
  nodeModule.enableCompileCache?.();
  process.env.NODE_ENV = 'production';
  const screen = process.stdout.isTTY && (args.length === 0 || args[0].startsWith('-'));
  const painted = screen ? (await import('../dist/firstPaint.js')).paintFirst(args) : undefined;
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv, painted);
}
