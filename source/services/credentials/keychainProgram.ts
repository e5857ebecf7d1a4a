/**
 * The program of the process that asks the keychain: one JSON request on standard input, one JSON answer on standard output.
 * It is text, since it runs apart from the bundle that holds it.
 */
export const keychainProgram = `
const request = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const answer = (value) => process.stdout.write(JSON.stringify(value));
const { library, store, verb, service, account, password } = request;
const run = async () => {
  const { AsyncEntry } = require(library);
  const entry = new AsyncEntry(service, account, { linux: { store } });
  if (verb === 'get') return { password: (await entry.getPassword()) ?? null };
  if (verb === 'remove') return { removed: await entry.deletePassword() };
  await entry.setPassword(password);
  return { done: true };
};
run().then(answer, (error) => answer({ error: String(error && error.message || error) }));
`;
