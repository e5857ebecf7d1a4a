import { Secret } from '../../source/core/secret.ts';
import type { UnknownHostKey } from '../../source/services/ssh/types.ts';
import { createStore, type Store } from './store.ts';

export interface ConfirmQuestion {
  readonly kind: 'confirm';
  /** What will be done: `Retry job build (#4711)`. */
  readonly title: string;
  /** Consequences, a line each. */
  readonly lines: readonly string[];
  /** For what cannot be undone: the name to type. Without it `y` is enough. */
  readonly typed?: string;
}

export interface SecretQuestion {
  readonly kind: 'secret';
  readonly title: string;
  readonly lines: readonly string[];
}

export interface TextQuestion {
  readonly kind: 'text';
  readonly title: string;
  readonly lines: readonly string[];
  readonly initial?: string;
}

export interface ChoiceQuestion {
  readonly kind: 'choice';
  readonly title: string;
  readonly lines: readonly string[];
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

export interface HostKeyQuestion {
  readonly kind: 'host-key';
  readonly key: UnknownHostKey;
}

export type Question = ConfirmQuestion | SecretQuestion | TextQuestion | ChoiceQuestion | HostKeyQuestion;

/** A question that waits; `settle(undefined)` is no. */
export interface Pending {
  readonly id: number;
  readonly question: Question;
  readonly settle: (answer: string | undefined) => void;
}

/** Asks the user. Every answer but an explicit yes is no: Esc, q, Ctrl-C, leaving the program. Questions wait for each other. */
export interface Ask {
  confirm(question: Omit<ConfirmQuestion, 'kind'>): Promise<boolean>;
  secret(question: Omit<SecretQuestion, 'kind'>): Promise<Secret | undefined>;
  text(question: Omit<TextQuestion, 'kind'>): Promise<string | undefined>;
  choice(question: Omit<ChoiceQuestion, 'kind'>): Promise<string | undefined>;
  hostKey(key: UnknownHostKey): Promise<boolean>;
}

export interface Questions extends Ask {
  readonly store: Store<{ readonly pending: readonly Pending[] }>;
  /** Answers everything that waits, and all that is asked later, with no. */
  close(): void;
}

export function createQuestions(): Questions {
  const store = createStore<{ pending: readonly Pending[] }>({ pending: [] });
  let next = 1;
  let isClosed = false;
  const put = (question: Question): Promise<string | undefined> => {
    if (isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const id = next++;
      const settle = (answer: string | undefined): void => {
        store.set(({ pending }) => ({ pending: pending.filter((one) => one.id !== id) }));
        resolve(answer);
      };
      store.set(({ pending }) => ({ pending: [...pending, { id, question, settle }] }));
    });
  };
  return {
    store,
    confirm: async (question) => (await put({ kind: 'confirm', ...question })) === 'yes',
    async secret(question) {
      const answer = await put({ kind: 'secret', ...question });
      return answer === undefined || answer === '' ? undefined : new Secret(answer);
    },
    text: (question) => put({ kind: 'text', ...question }),
    choice: (question) => put({ kind: 'choice', ...question }),
    hostKey: async (key) => (await put({ kind: 'host-key', key })) === 'yes',
    close() {
      isClosed = true;
      for (const { settle } of store.get().pending) settle(undefined);
    },
  };
}
