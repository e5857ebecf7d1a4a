/** The template is none, or asks for what is not there. */
export class TemplateError extends Error {}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: string }
  | {
      readonly kind: 'if' | 'range';
      readonly expression: string;
      readonly body: Node[];
      readonly otherwise: Node[];
    };

/** What a Go template (as of `docker --format`) makes of a value: fields, `json`, `index`, `len`, `if`, `range`. */
export function renderTemplate(template: string, value: unknown): string {
  const tokens = template.split(/(\{\{-?[\s\S]*?-?\}\})/);
  const nodes = parse(tokens, false).nodes;
  return render(nodes, value, value);
}

function parse(tokens: string[], isInner: boolean): { nodes: Node[]; ended: string } {
  const nodes: Node[] = [];
  for (let token = tokens.shift(); token !== undefined; token = tokens.shift()) {
    const [, action] = /^\{\{-?\s*([\s\S]*?)\s*-?\}\}$/.exec(token) ?? [];
    if (action === undefined) {
      if (token) nodes.push({ kind: 'text', text: withEscapes(token) });
      continue;
    }
    const [, word, expression = ''] = /^(if|range)\s+([\s\S]+)$/.exec(action) ?? [];
    if (word === 'if' || word === 'range') {
      const body = parse(tokens, true);
      const otherwise = body.ended === 'else' ? parse(tokens, true).nodes : [];
      nodes.push({ kind: word, expression, body: body.nodes, otherwise });
    } else if (action === 'end' || action === 'else') {
      if (!isInner) throw new TemplateError(`unexpected {{${action}}}`);
      return { nodes, ended: action };
    } else nodes.push({ kind: 'value', expression: action });
  }
  if (isInner) throw new TemplateError('unexpected EOF');
  return { nodes, ended: '' };
}

function withEscapes(text: string): string {
  return text.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
}

function render(nodes: readonly Node[], dot: unknown, root: unknown): string {
  return nodes
    .map((node): string => {
      if (node.kind === 'text') return node.text;
      const value = evaluate(node.expression, dot, root);
      if (node.kind === 'value') return show(value);
      const items = node.kind === 'if' ? (isTrue(value) ? [dot] : []) : itemsOf(value);
      if (items.length === 0) return render(node.otherwise, dot, root);
      return items.map((item) => render(node.body, item, root)).join('');
    })
    .join('');
}

function evaluate(expression: string, dot: unknown, root: unknown): unknown {
  const words = expression.match(/"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s()]+/g) ?? [];
  const [name = '', ...rest] = words;
  const args = (): unknown[] => rest.map((word) => operand(word, dot, root));
  switch (name) {
    case 'json':
      return JSON.stringify(args()[0]);
    case 'len':
      return itemsOf(args()[0]).length;
    case 'index': {
      const [from, ...keys] = args();
      return keys.reduce((value, key) => pick(value, String(key)), from);
    }
    case 'eq':
      return args()[0] === args()[1];
    case 'not':
      return !isTrue(args()[0]);
    case 'println':
      return `${args().map(show).join(' ')}\n`;
    default:
      if (rest.length > 0) throw new TemplateError(`function "${name}" not defined`);
      return operand(name, dot, root);
  }
}

function operand(word: string, dot: unknown, root: unknown): unknown {
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), dot, root);
  if (word.startsWith('"')) return JSON.parse(word);
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word === '.') return dot;
  if (word === '$') return root;
  const [, from, path] = /^(\$?)((?:\.\w+)+)$/.exec(word) ?? [];
  if (path === undefined) throw new TemplateError(`function "${word}" not defined`);
  return path
    .slice(1)
    .split('.')
    .reduce((value, key) => pick(value, key), from === '$' ? root : dot);
}

function pick(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    if (Number(key) < value.length) return value[Number(key)];
    throw new TemplateError(`error calling index: reflect: slice index out of range`);
  }
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}:${show(item)}`);
  return `map[${entries.join(' ')}]`;
}
