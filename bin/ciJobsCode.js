/** Keeps the code that V8 compiles for `ci jobs`, once it has run over the checkout whose folder is given. */
import { writeFileSync } from 'node:fs';
import { codeFile, compile, start } from './ciJobs.js';

const [, name, folder] = process.argv;
const script = compile();
const { main } = start(script);
for (const answer of ['--json', '--event=merge_request'])
  if ((await main([process.execPath, name, 'ci', 'jobs', '--dir', folder, answer])) !== 0) process.exit(1);
writeFileSync(codeFile, script.createCachedData());
