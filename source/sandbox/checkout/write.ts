import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import type { Repository } from './repository.ts';

/** Only what git needs: neither the user's configuration nor a repository around it is seen. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    SystemRoot: process.env.SystemRoot,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Where `origin` is, and what git is let in with there, as an HTTP header. */
export interface Origin {
  readonly url: string;
  readonly header?: string;
}

/** Writes a repository into an empty folder, with `main` checked out and `origin` set up. Throws what git says. */
export async function writeCheckout(
  repository: Repository,
  folder: string,
  { url, header }: Origin,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const git = (argv: readonly string[], input: Buffer = Buffer.alloc(0)) =>
    runGit({ folder, argv, input, signal });
  await git(['init', '--quiet', '--initial-branch=main']);
  await git(['config', 'user.name', 'Sandbox']);
  await git(['config', 'user.email', 'sandbox@tinyland.example']);
  await git(['config', 'commit.gpgSign', 'false']);
  await git(['remote', 'add', 'origin', url]);
  if (header !== undefined) await git(['config', `http.${url}.extraHeader`, header]);
  await git(['fast-import', '--quiet', '--done'], fastImport(repository));
  await git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main']);
  await git(['config', 'branch.main.remote', 'origin']);
  await git(['config', 'branch.main.merge', 'refs/heads/main']);
  await git(['reset', '--quiet', '--hard', 'main']);
}

/** The stream of git-fast-import(1). Commits come parents first, as they were made. */
function fastImport(repository: Repository): Buffer {
  const pieces: (string | Buffer)[] = [];
  const data = (content: Buffer): void => void pieces.push(`data ${content.length}\n`, content, '\n');
  const marks = new Map<string, number>();
  for (const { sha, parents, author, at, message, tree } of repository.commits.values()) {
    const mark = marks.size + 1;
    marks.set(sha, mark);
    const who = `${author.name} <${author.email}> ${at} +0000`;
    pieces.push(`commit refs/import\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`);
    data(Buffer.from(message));
    const known = parents.flatMap((parent) => marks.get(parent) ?? []);
    if (known.length > 0)
      pieces.push(known.map((one, index) => `${index ? 'merge' : 'from'} :${one}\n`).join(''));
    pieces.push('deleteall\n');
    for (const [path, { content, mode }] of tree) {
      pieces.push(`M ${mode} inline ${path}\n`);
      data(content);
    }
    if (known.length === 0) pieces.push('reset refs/import\n\n');
  }
  const refs = [
    ...[...repository.branches].flatMap(([name, sha]) => [
      [`refs/heads/${name}`, sha],
      [`refs/remotes/origin/${name}`, sha],
    ]),
    ...[...repository.tags].map(([name, sha]) => [`refs/tags/${name}`, sha]),
  ];
  for (const [ref, sha = ''] of refs) pieces.push(`reset ${ref}\nfrom :${marks.get(sha)}\n\n`);
  pieces.push('reset refs/import\nfrom 0000000000000000000000000000000000000000\n\ndone\n');
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

interface GitRun {
  readonly folder: string;
  readonly argv: readonly string[];
  readonly input: Buffer;
  readonly signal: AbortSignal;
}

/** Settles when git has ended, also when it was stopped. */
function runGit({ folder, argv, input, signal }: GitRun): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn('git', argv, { cwd: folder, env: environment() });
    const kill = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', kill);
      if (code === 0) resolve();
      else reject(new Error(`git ${argv[0]} ended with ${code}: ${said.trim()}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
