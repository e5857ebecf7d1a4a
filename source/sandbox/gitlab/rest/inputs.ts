import { AnswerError, json, parseJson, type Request } from '../../http/answer.ts';

export type Input = string | number | boolean | null | readonly Input[] | { readonly [key: string]: Input };

/** What a request gives, wherever it stands: query, JSON, or a form with Rack's `a[b]` and `a[]` names. */
export type Inputs = Readonly<Record<string, Input | undefined>>;

export async function inputsOf(request: Request): Promise<Inputs> {
  const given: Record<string, Input> = {};
  for (const [name, value] of request.query) put(given, name, value);
  const type = request.headers['content-type'] ?? '';
  if (request.body.length === 0) return given;
  if (/^(?:multipart\/form-data|application\/x-www-form-urlencoded)/.test(type)) {
    const form = await new Response(Uint8Array.from(request.body), {
      headers: { 'Content-Type': type },
    }).formData();
    for (const [name, value] of form)
      put(given, name, typeof value === 'string' ? value : await value.text());
    return given;
  }
  return { ...given, ...jsonInputs(request) };
}

function jsonInputs(request: Request): Inputs {
  try {
    const value = parseJson(request);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Inputs) : {};
  } catch {
    throw new AnswerError(json({ error: 'The request body is not valid JSON' }, 400));
  }
}

type Writable = { [key: string]: Input };

function put(target: Writable, name: string, value: string): void {
  const [first = '', ...rest] = name.split(/\[|\]\[?/).filter((part, index) => index === 0 || part !== '');
  const isList = name.endsWith('[]');
  const perItem = /^([^[]+)\[\]\[([^\]]+)\]$/.exec(name);
  if (perItem) putItem(target, perItem[1] ?? '', perItem[2] ?? '', value);
  else if (isList) target[first] = [...(Array.isArray(target[first]) ? target[first] : []), value];
  else if (rest.length > 0) target[first] = { ...objectOf(target[first]), [rest.join('.')]: value };
  else target[first] = value;
}

/** `list[][key]`: a new item begins when the last one has the key already. */
function putItem(target: Writable, name: string, key: string, value: string): void {
  const items: Input[] = Array.isArray(target[name]) ? [...target[name]] : [];
  const last = objectOf(items.at(-1));
  if (items.length > 0 && !Object.hasOwn(last, key)) items[items.length - 1] = { ...last, [key]: value };
  else items.push({ [key]: value });
  target[name] = items;
}

export function objectOf(value: Input | undefined): Readonly<Record<string, Input>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Input>>)
    : {};
}

export function textOf(value: Input | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function flagOf(value: Input | undefined): boolean | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : ['true', '1', 't', 'on'].includes(text.toLowerCase());
}

/** A list, or the one value that stands for it. */
export function listOf(value: Input | undefined): readonly Input[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Input];
}

export function textsOf(value: Input | undefined): string[] {
  return listOf(value).flatMap((one) => textOf(one) ?? []);
}

/** The text of a parameter. Throws GitLab's 400 when it is missing. */
export function required(inputs: Inputs, name: string): string {
  const text = textOf(inputs[name]);
  if (text === undefined) throw new AnswerError(json({ error: `${name} is missing` }, 400));
  return text;
}
