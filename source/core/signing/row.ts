import type { Subject } from '../evidence.ts';

/** One line of the Signing pane: a credential with its parts, or what the last job of a kind said. */
export interface SigningRow extends Subject {
  readonly kind: 'credential' | 'job';
}
