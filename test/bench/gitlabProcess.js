/** The quiet GitLab in a process of its own, so that its work is not in the measured times: prints `url`, answers a line with its count. */
import { createInterface } from 'node:readline';
import { startQuietGitLab } from './gitlab.js';

const [jobs, logBytes] = process.argv.slice(2).map(Number);
const gitlab = await startQuietGitLab({ jobs, logBytes });
console.log(gitlab.url);
createInterface({ input: process.stdin })
  .on('line', () => console.log(gitlab.requests()))
  .on('close', () => gitlab.stop());
