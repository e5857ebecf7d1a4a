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

if (process.argv.length === 3 && process.argv[2] === '--version') {
  const { version } = nodeModule.createRequire(import.meta.url)('../package.json');
  process.stdout.write(`${version}\n`);
} else {
  nodeModule.enableCompileCache?.();
  process.env.NODE_ENV = 'production';
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv);
}
