import { Bug } from '../core/failure.ts';

const maker = Symbol('only the gate makes grants');

/**
 * Leave to write, given by the gate for the time of one write. Every primitive that changes anything outside the program
 * takes one and spends nothing: it only asks `check`, so that a grant kept for later is worthless.
 */
export class Grant {
  #open = true;
  readonly title: string;

  constructor(key: symbol, title: string) {
    if (key !== maker)
      throw new Bug({
        tried: title,
        saw: 'a write outside the gate',
        next: ['Perform it through the gate.'],
        code: 'no-grant',
      });
    this.title = title;
  }

  /** Throws when the write it was given for is over. */
  check(what: string): void {
    if (!this.#open)
      throw new Bug({
        tried: what,
        saw: `the grant for "${this.title}" is spent`,
        next: ['Perform it through the gate.'],
        code: 'no-grant',
      });
  }

  close(): void {
    this.#open = false;
  }
}

/** For the gate alone; a promise test holds that nothing else imports it. */
export function openGrant(title: string): Grant {
  return new Grant(maker, title);
}
