/** Writes the README's table of keys from the registry of actions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions } from '../views/actions.ts';
import { keyTable } from '../views/present/commands.ts';

const file = join(import.meta.dirname, '../README.md');
const text = readFileSync(file, 'utf8');
const table = /(?<=<!-- keys -->\n)[\s\S]*(?=<!-- \/keys -->)/;
if (!table.test(text)) throw new Error('README.md has no place for the keys');
writeFileSync(
  file,
  text.replace(table, () => `${keyTable(actions)}\n`),
);
