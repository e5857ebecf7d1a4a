import './requireNode.js';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codeFile } from './ciJobs.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'dist');

if (!existsSync(join(root, 'source'))) process.exit(0);
if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

const [{ build }, { bundleOptions }, { buildCiJobs }, { licensesOf }] = await Promise.all([
  import('esbuild'),
  import('./bundle.js'),
  import('./buildCiJobs.js'),
  import('./licenses.js'),
]);
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
rmSync(output, { recursive: true, force: true });
const { metafile } = await build({
  ...bundleOptions(root, version),
  metafile: true,
  entryPoints: ['source/main.ts', 'source/program/firstPaint.ts', 'source/program/screen.ts'],
  entryNames: '[name]',
  outdir: output,
});
// The launcher prints the help without loading the program.
const { helpText } = await import(pathToFileURL(join(output, 'main.js')).href);
writeFileSync(join(output, 'help.txt'), helpText());
writeFileSync(join(output, 'licenses.txt'), licensesOf(root, Object.keys(metafile.inputs)));
await buildCiJobs(root, version, output);

/** True when there is no build for this Node, or a source file is newer than it. */
function isStale() {
  const built = join(output, 'main.js');
  if (!existsSync(built) || !existsSync(codeFile)) return true;
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
