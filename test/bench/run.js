/** Measures the budgets from outside, against the production build, as ratios within this run. Prints a table; judges nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ci } from './ci.js';
import { idle } from './idle.js';
import { keys } from './keys.js';
import { startUp, timeCommand } from './startUp.js';

const wanted = process.argv.slice(2);
const bare = timeCommand(['-e', '0']);
print([{ title: 'bare node -e 0', value: `${bare.toFixed(0)} ms`, budget: '' }]);

const parts = { startUp: () => startUp(bare), ci: () => ci(bare), keys, idle };
for (const [name, measure] of Object.entries(parts))
  if (wanted.length === 0 || wanted.includes(name)) print(await measure());

for (const file of ['pipeline.js', 'log.js'])
  if (wanted.length === 0 || wanted.includes(file.replace('.js', '')))
    spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, file)], { stdio: 'inherit' });

function print(rows) {
  for (const { title, value, budget } of rows)
    console.log(`${title.padEnd(36)} ${value.padEnd(44)} ${budget}`);
}
