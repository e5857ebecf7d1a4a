import type {
  BaseAgent,
  IdentityCallback,
  ParsedKey,
  PublicKeyEntry,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';

type Ssh2 = typeof import('ssh2');

/**
 * The user's agent, its keys in the order that ssh offers them: those of the identity files first, and only those when the
 * configuration says IdentitiesOnly. An agent that does not answer has no keys.
 */
export function openAgent(
  ssh2: Ssh2,
  socket: string,
  { publicKeys, only }: { readonly publicKeys: ReadonlySet<string>; readonly only: boolean },
): BaseAgent<ParsedKey> {
  const inner = new ssh2.OpenSSHAgent(socket);
  const isMeant = (key: ParsedKey): boolean => publicKeys.has(key.getPublicSSH().toString('base64'));
  const isParsed = (key: ParsedKey | PublicKeyEntry): key is ParsedKey => 'getPublicSSH' in key;
  class OrderedAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(done: IdentityCallback<ParsedKey>): void {
      inner.getIdentities((error, keys) => {
        const all = error ? [] : (keys ?? []).filter(isParsed);
        done(null, [...all.filter(isMeant), ...(only ? [] : all.filter((key) => !isMeant(key)))]);
      });
    }

    override sign(
      key: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      done?: SignCallback,
    ): void {
      if (typeof options === 'function') inner.sign(key, data, {}, options);
      else inner.sign(key, data, options, done);
    }
  }
  return new OrderedAgent();
}
