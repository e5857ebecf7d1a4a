import { createRequire } from 'node:module';
import * as z from 'zod';
import { isAbort, Unavailable } from '../../core/failure.ts';
import { Secret } from '../../core/secret.ts';
import type { Redactor } from '../../core/text/redact.ts';
import { plain } from '../../core/text/safe.ts';
import type { Grant } from '../grant.ts';
import { type ProcessResult, runChanging, runReading } from '../process/run.ts';
import type { Environment } from './environment.ts';
import { keychainProgram } from './keychainProgram.ts';

/** The operating system's keychain. Every call ends within its time and throws `Unavailable` when there is no keychain. */
export interface Keychain {
  /** A password; undefined when there is none. */
  get(service: string, account: string, signal?: AbortSignal): Promise<Secret | undefined>;
  set(grant: Grant, service: string, account: string, password: Secret, signal?: AbortSignal): Promise<void>;
  /** True when there was one. */
  remove(grant: Grant, service: string, account: string, signal?: AbortSignal): Promise<boolean>;
}

export interface KeychainOptions {
  readonly environment: Environment;
  readonly redactor: Redactor;
  /** Milliseconds for a look; writes have ten times as long, since the keychain may ask the user. 2 s when absent. */
  readonly timeout?: number;
  /** On Linux: the desktop's Secret Service, or the kernel's keyring, which forgets at the end of the session. */
  readonly store?: 'secret-service' | 'keyutils';
}

const answerShape = z.union([
  z.object({ password: z.string().nullable() }),
  z.object({ removed: z.boolean() }),
  z.object({ error: z.string() }),
  z.object({ done: z.literal(true) }),
]);

/**
 * Opens the keychain, or says why there is none. A keychain may wait for the user without end, and a native call cannot be
 * stopped: so it is asked in a process of its own that can be. The password goes through its standard input and output.
 */
export function openKeychain({
  environment,
  redactor,
  timeout = 2_000,
  store = 'secret-service',
}: KeychainOptions): Keychain | { readonly off: string } {
  if (environment.HUSKYCAT_NO_KEYCHAIN === '1') return { off: 'switched off by HUSKYCAT_NO_KEYCHAIN' };
  const library = libraryPath();
  if (library === undefined) return { off: 'the optional package @napi-rs/keyring is not installed' };
  const argv = [process.execPath, '--input-type=commonjs', '-e', keychainProgram] as const;
  const options = (request: object, milliseconds: number, signal?: AbortSignal) => ({
    // What Node's own start would read is left out: a debugger's options would hold the child.
    env: { ...environment, NODE_OPTIONS: undefined },
    input: JSON.stringify({ library, store, ...request }),
    timeout: milliseconds,
    ...(signal ? { signal } : {}),
  });
  return {
    async get(service, account, signal) {
      const request = options({ verb: 'get', service, account }, timeout, signal);
      const answer = await asked('look into the keychain', runReading(argv, request), redactor);
      if (!('password' in answer) || answer.password === null) return undefined;
      redactor.add(answer.password);
      return new Secret(answer.password);
    },
    async set(grant, service, account, password, signal) {
      redactor.add(password.reveal());
      const request = { verb: 'set', service, account, password: password.reveal() };
      const running = runChanging(grant, argv, options(request, timeout * 10, signal));
      await asked('store in the keychain', running, redactor);
    },
    async remove(grant, service, account, signal) {
      const running = runChanging(
        grant,
        argv,
        options({ verb: 'remove', service, account }, timeout * 10, signal),
      );
      const answer = await asked('remove from the keychain', running, redactor);
      return 'removed' in answer && answer.removed;
    },
  };
}

function libraryPath(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('@napi-rs/keyring');
  } catch {
    return undefined;
  }
}

async function asked(tried: string, running: Promise<ProcessResult>, { redact }: Redactor) {
  const away = (saw: string, code: string, cause?: unknown): Unavailable =>
    new Unavailable({
      tried,
      saw: plain(redact(saw), 300),
      next: [
        'Unlock the keychain, or start its service.',
        'Or give the token with --token-file or GITLAB_TOKEN; HUSKYCAT_NO_KEYCHAIN=1 leaves the keychain out.',
      ],
      code,
      cause,
    });
  let result: ProcessResult;
  try {
    result = await running;
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    const isLate = thrown instanceof Unavailable && thrown.code === 'timeout';
    throw isLate
      ? away('it does not answer', 'keychain-timeout')
      : away('it cannot be asked', 'keychain', thrown);
  }
  const answer = answerOf(result.stdout);
  if (!answer) throw away(`its process ended with ${result.code ?? result.exitSignal}`, 'keychain');
  if ('error' in answer) throw away(answer.error, 'keychain');
  return answer;
}

function answerOf(stdout: string): z.output<typeof answerShape> | undefined {
  try {
    return answerShape.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}
