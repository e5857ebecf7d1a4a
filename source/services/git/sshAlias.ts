import { isAbort } from '../../core/failure.ts';
import type { RemoteAddress } from '../../core/git/remoteAddress.ts';
import { runReading } from '../process/run.ts';

/**
 * The address with the host and port that ssh would connect to, when its host may be an alias of the user's ssh
 * configuration: a name without a dot. ssh prints its decision with -G and connects to nothing. A name that the
 * configuration does not know stays as it is.
 */
export async function resolveSshAlias(
  address: RemoteAddress,
  { configuration, signal }: { configuration?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<RemoteAddress> {
  if (!/^[a-z0-9_][a-z0-9_-]*$/.test(address.host) || address.host === 'localhost') return address;
  const file = configuration === undefined ? [] : ['-F', configuration];
  try {
    const { code, stdout } = await runReading(['ssh', '-G', ...file, '--', address.host], {
      timeout: 5_000,
      ...(signal ? { signal } : {}),
    });
    const value = (key: string) => new RegExp(`^${key} (\\S+)$`, 'm').exec(stdout)?.[1];
    const host = value('hostname')?.toLowerCase();
    if (code !== 0 || host === undefined || host === address.host) return address;
    const port = address.port ?? Number(value('port'));
    return { ...address, host, ...(port > 0 && port !== 22 ? { port } : {}) };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return address;
  }
}
