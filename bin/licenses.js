import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licenses of the packages that a bundle holds, as their authors want them kept with every copy. `inputs` are the paths of
 * its files from `root`.
 */
export function licensesOf(root, inputs) {
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const texts = new Map([...folders].map((folder) => licenseOf(join(root, folder))));
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n${'-'.repeat(title.length)}\n\n${text}\n`)
    .join('\n\n');
}

function licenseOf(folder) {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const license = about.license ?? about.licenses?.map(({ type }) => type).join(' or ') ?? 'unknown';
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)(?:[.-]|$)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${about.name} ${about.version} (${license})`, texts.join('\n\n') || `License: ${license}`];
}
