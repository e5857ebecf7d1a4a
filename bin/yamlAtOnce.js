import { readFileSync } from 'node:fs';

const [lexer, parser] = ['lexer', 'parser'].map(
  (name) => new RegExp(`[\\\\/]yaml[\\\\/]dist[\\\\/]parse[\\\\/]${name}\\.js$`),
);

/**
 * yaml cuts a text into lexemes, and makes tokens of them, one at a time through generators that call each other up to six deep,
 * and looks for a variable of the environment at each. All at once takes half the time and makes half the garbage: nobody stops
 * in the middle.
 */
export const yamlAtOnce = {
  name: 'yaml-at-once',
  setup(build) {
    build.onLoad({ filter: lexer }, ({ path }) => load(path, 'lex', []));
    build.onLoad({ filter: parser }, ({ path }) => load(path, 'parse', ['node_process.env.LOG_TOKENS']));
  },
};

function load(path, entry, never) {
  const text = readFileSync(path, 'utf8');
  const start = new RegExp(`^( {4})\\*(${entry}\\(.*\\{)([^]*?)^ {4}\\}`, 'm');
  const missing = [start, ...never].filter((part) => text.search(part) < 0);
  if (missing.length > 0) return { errors: missing.map((part) => ({ text: `${part} is not in ${path}` })) };
  const contents = never
    .reduce((before, part) => before.replace(part, 'false'), text)
    .replace(start, '$1$2\n        this.found = [];$3        return this.found;\n$1}')
    .replace(/^( {4})\*(?=\w+\()/gm, '$1')
    .replace(/\byield\* /g, '')
    .replace(/\byield ([^;]+);/g, 'this.found.push($1);');
  return { contents };
}
