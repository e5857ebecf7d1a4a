import { NeedsUser } from '../core/failure.ts';
import type { Connected } from '../services/workspace.ts';

/**
 * Connects a service at an address. A bad address that only the checkout's files name is told in the service's place, and
 * stops nothing else; one that the user gave is thrown as `NeedsUser`.
 */
export function connected<T>(source: string, connect: () => T): Connected<T> {
  try {
    return { service: connect() };
  } catch (thrown) {
    if (!(thrown instanceof NeedsUser) || source !== 'checkout') throw thrown;
    return { off: `${thrown.message}. ${thrown.next.join(' ')}` };
  }
}
