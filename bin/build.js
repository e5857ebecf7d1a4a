import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');

if (!existsSync(join(root, 'source'))) process.exit(0);
if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

const { build } = await import('esbuild');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
rmSync(output, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['source/main.ts'],
  outdir: output,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  minifySyntax: true,
  logLevel: 'warning',
  // Bundled CommonJS packages ask for Node's own modules.
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.HUSKYCAT_VERSION': JSON.stringify(version) },
});
/** True when there is no build, or a source file is newer than it. */
function isStale() {
  const built = join(output, 'main.js');
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  const files = ['source', 'views', 'bin'].flatMap((folder) => list(join(root, folder)));
  return [...files, join(root, 'package.json')].some((file) => statSync(file).mtimeMs > mtimeMs);
}

function list(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
