import type { AtticNote, AtticState } from '../../core/caches/model.ts';
import { partValue } from '../../core/datum.ts';
import { plain } from '../../core/text/safe.ts';
import type { AtticAddress } from './address.ts';

/** What is risky or odd in a look although each part may be fine. `answeredAt` is the address after redirects. */
export function atticNotes(
  state: Omit<AtticState, 'notes'>,
  address: AtticAddress,
  answeredAt: string | undefined,
): AtticNote[] {
  const config = partValue(state.config);
  const info = partValue(state.info);
  const notes: AtticNote[] = [];
  const note = (code: AtticNote['code'], text: string): void => {
    notes.push({ code, text });
  };
  const dropped = droppedToken(state);
  if (dropped !== undefined) note('token-dropped', dropped);
  if (
    partValue(state.push) === 'granted' &&
    'failure' in state.config &&
    state.config.failure.code === 'no-right'
  )
    note(
      'token-rights',
      'the token may push but not pull: attic push reads the configuration first, and fails',
    );
  if (state.token && isClear(address.url))
    note('token-in-clear', `the token goes to ${new URL(address.url).host} without encryption`);
  if (config?.apiEndpoint !== undefined && isElsewhere(config.apiEndpoint, address.root))
    note(
      'api-endpoint',
      `the server sends attic's clients, with their token, to ${config.apiEndpoint} instead of ${address.root}: set api-endpoint in its configuration`,
    );
  if (config?.substituterEndpoint !== undefined && isElsewhere(config.substituterEndpoint, address.url))
    note(
      'substituter-endpoint',
      `attic use would write ${config.substituterEndpoint}, and this is ${address.url}: set substituter-endpoint or api-endpoint in its configuration`,
    );
  if (info && info.storeDir !== '/nix/store')
    note('store-dir', `the cache is for the store ${info.storeDir}, not /nix/store`);
  if (answeredAt !== undefined && new URL(answeredAt).origin !== new URL(address.url).origin)
    note(
      'redirected',
      `${new URL(address.url).origin} redirects to ${plain(new URL(answeredAt).origin, 200)}`,
    );
  return notes;
}

/** Attic ignores a token that it does not accept and answers as to anybody; only push tells the two apart. */
function droppedToken({ token, push }: Omit<AtticState, 'notes'>): string | undefined {
  if (!token || partValue(push) === 'granted') return undefined;
  if (token.problem !== undefined) return `the server ignores the token: ${token.problem}`;
  if (partValue(push) !== 'refused') return undefined;
  if (!token.readable) return 'the token is no JWT, and the server answers as to anybody';
  return token.rights.includes('push')
    ? 'the token says that it may push, and the server refuses: it is of another server, or the secret has changed'
    : undefined;
}

function isElsewhere(endpoint: string, own: string): boolean {
  if (!URL.canParse(endpoint)) return true;
  const a = new URL(endpoint);
  const b = new URL(own);
  return a.origin !== b.origin || a.pathname.replace(/\/+$/, '') !== b.pathname.replace(/\/+$/, '');
}

/** Plain HTTP beyond this machine. */
function isClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
