import { type Document, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';

/** Documents with what is wrong in them; every position is one of the text that was given. */
export interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  readonly errors: readonly YAMLError[];
  readonly lines: LineCounter;
}

const options = {
  schema: 'failsafe',
  version: '1.1',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** More lines of flow collections than a file has that is indented like this by mistake. */
const maxJoined = 100;

/**
 * Parses YAML as libyaml takes it, which does not look at indentation within flow collections: a line that is refused for
 * its indentation is joined to the one before, by a space in the place of the line end, so that positions hold.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = lineCounter(text);
  const end = text.trimEnd().length;
  let joined = text;
  let first: ParsedYaml | undefined;
  for (let count = 0; count <= maxJoined; count += 1) {
    const documents = documentsOf(joined);
    const errors = documents.flatMap((document) => document.errors).filter((error) => !isTolerated(error));
    const parsed = { documents, errors, lines };
    first ??= parsed;
    const refused = errors.find(isIndentation);
    if (!refused) return errors.length === 0 ? parsed : first;
    const at = joined.lastIndexOf('\n', refused.pos[0] - 1);
    const before = joined.slice(joined.lastIndexOf('\n', at - 1) + 1, Math.max(at, 0));
    if (at < 0 || refused.pos[0] >= end || before.includes('#')) return first;
    joined = `${joined.slice(0, at)} ${joined.slice(at + 1)}`;
  }
  return first ?? { documents: [], errors: [], lines };
}

function documentsOf(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, options);
  return Array.isArray(documents) ? documents : [];
}

function isTolerated({ code, message }: YAMLError): boolean {
  return code === 'BAD_INDENT' && message.startsWith('Flow end indicator ');
}

function isIndentation({ code, message }: YAMLError): boolean {
  return code === 'BAD_INDENT' && message.startsWith('Flow ');
}

function lineCounter(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
