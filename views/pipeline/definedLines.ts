import type { JobDefinition, Node } from '../../source/core/ci/model.ts';
import { type TracedRule, traceRules } from '../../source/core/ci/ruleTrace.ts';
import {
  flatItems,
  get,
  isNull,
  type Plain,
  plain,
  scalarText,
  textsOf,
} from '../../source/core/ci/yaml/node.ts';
import { groupName } from '../../source/core/pipeline/group.ts';
import { counted } from '../../source/core/text/format.ts';
import { fact, heading, paragraph } from '../text/facts.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, span, type Tone } from '../text/line.ts';
import type { Defined } from './useDefined.ts';

export interface DefinedOptions {
  readonly defined: Defined;
  readonly width: number;
  readonly glyphs: Glyphs;
}

/** What the configuration says of a job: its rules held against the pipeline, what it keeps, and how it is run. */
export function definedLines(name: string, options: DefinedOptions): Line[] {
  const { defined, width } = options;
  const { jobs, unresolved } = defined.configuration;
  const definition = jobs.get(name) ?? jobs.get(groupName(name));
  if (!definition) {
    const because =
      unresolved.length === 0
        ? 'it does not define this job'
        : 'it does not define this job; an include from elsewhere may';
    return [heading(from(defined)), ...paragraph(because, width).map((text): Line => [span(text, 'dim')])];
  }
  return [
    heading(from(defined)),
    ...ruleLines(name, definition, options),
    ...cacheLines(definition, width),
    ...artifactLines(definition, width),
    ...others.flatMap(([keyword, label]) => {
      const text = words(get(definition.keywords, keyword));
      return text === undefined ? [] : fact(label, text, width);
    }),
  ];
}

/** Which commit it was read from. */
function from({ isOwn, context }: Defined): string {
  const sha = context.known?.CI_COMMIT_SHA?.slice(0, 8);
  if (isOwn) return `as its commit ${sha ?? ''} defines it`;
  return 'as the checkout defines it; the pipeline’s commit is not here';
}

const others = [
  ['only', 'only'],
  ['except', 'except'],
  ['image', 'image'],
  ['services', 'services'],
  ['environment', 'environment'],
  ['retry', 'retry'],
  ['timeout', 'timeout'],
  ['resource_group', 'resource'],
  ['interruptible', 'interruptible'],
  ['trigger', 'triggers'],
] as const;

function ruleLines(
  name: string,
  definition: JobDefinition,
  { defined, width, glyphs }: DefinedOptions,
): Line[] {
  const { configuration, context } = defined;
  const rules = traceRules({ definition, name }, configuration, context);
  if (rules.length === 0) {
    const isLimited = ['only', 'except'].some((key) => !isNull(get(definition.keywords, key)));
    return isLimited ? [] : fact('rules', 'none: it is in every pipeline of a branch or tag', width, 'dim');
  }
  const event = [`${context.event.replace('_', ' ')} on ${context.ref}`, ...changedText(defined)].join(', ');
  return [...fact('rules', event, width, 'dim'), ...rules.flatMap((rule) => ruleLine(rule, width, glyphs))];
}

/** What `rules:changes` looked at. */
function changedText({ changes }: Defined): string[] {
  if (changes?.is !== 'known') return [];
  return [`${counted(changes.paths.length, 'path')} changed since ${changes.since.slice(0, 8)}`];
}

function ruleLine({ text, says, state, assumed }: TracedRule, width: number, glyphs: Glyphs): Line[] {
  const tones = { decides: 'good', holds: 'dim', fails: 'dim', unclear: 'warn' } as const;
  const signs = { decides: glyphs.good, holds: glyphs.dot, fails: glyphs.bad, unclear: '?' };
  const tone: Tone = tones[state];
  const body = paragraph(`${text} ${glyphs.arrow} ${says}`, width - 4);
  return [
    ...body.map(
      (part, index): Line => [
        span(index === 0 ? `  ${signs[state]} ` : '    ', tone),
        span(part, state === 'fails' || state === 'holds' ? 'dim' : 'text'),
      ],
    ),
    ...assumed.flatMap((one) => paragraph(one, width - 4).map((part): Line => [span(`    ${part}`, 'warn')])),
  ];
}

function cacheLines({ keywords }: JobDefinition, width: number): Line[] {
  return flatItems(get(keywords, 'cache')).flatMap((cache) => {
    const key = get(cache, 'key');
    const files = textsOf(get(key, 'files'));
    const keyText = scalarText(key) ?? (files.length > 0 ? `files ${files.join(', ')}` : 'default');
    const paths = textsOf(get(cache, 'paths')).join(', ') || 'no paths';
    const policy = scalarText(get(cache, 'policy')) ?? 'pull-push';
    const fallback = textsOf(get(cache, 'fallback_keys'));
    const spare = fallback.length === 0 ? '' : `; else ${fallback.join(', ')}`;
    return fact('cache', `${keyText}${spare}: ${paths} (${policy})`, width);
  });
}

function artifactLines({ keywords }: JobDefinition, width: number): Line[] {
  const node = get(keywords, 'artifacts');
  if (node === undefined || isNull(node)) return [];
  const reports = get(node, 'reports');
  const parts = [
    textsOf(get(node, 'paths')).join(', '),
    reports?.kind === 'mapping' ? `reports ${[...reports.entries.keys()].join(', ')}` : '',
    scalarText(get(node, 'when')) ?? '',
    `kept ${scalarText(get(node, 'expire_in')) ?? 'as long as the server’s default'}`,
  ];
  return fact('keeps', parts.filter((part) => part !== '').join('; '), width);
}

/** A value in one line: `max 2, when [runner_system_failure]`. */
function words(node: Node | undefined): string | undefined {
  return node === undefined || isNull(node) ? undefined : phrase(plain(node));
}

function phrase(value: Plain): string {
  if (Array.isArray(value)) return value.map(phrase).join(', ');
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([key, one]) => `${key} ${Array.isArray(one) ? `[${phrase(one)}]` : phrase(one)}`)
      .join(', ');
  return String(value);
}
