import type { Configuration, JobDefinition, Node, ScalarNode, Span } from '../ci/model.ts';
import { flatItems, get } from '../ci/yaml/node.ts';
import { readShell, type ShellCommand } from '../shell/read.ts';

export type ScriptKeyword = 'before_script' | 'script';

/** One entry of a script, as YAML and as a shell reads it. */
export interface ScriptItem {
  readonly keyword: ScriptKeyword;
  readonly node: ScalarNode;
  readonly text: string;
  readonly commands: readonly ShellCommand[];
  /** Why the commands are not all of it. */
  readonly broken?: string;
}

const keywords = ['before_script', 'script'] as const;

/** What a job runs before it ends, in order. */
export function scriptItems(job: JobDefinition): ScriptItem[] {
  return keywords.flatMap((keyword) =>
    flatItems(get(job.keywords, keyword)).flatMap((node) => {
      if (node.kind !== 'scalar' || typeof node.value !== 'string') return [];
      const text = node.value;
      return [{ keyword, node, text, ...readShell(text) }];
    }),
  );
}

/** Two nodes that are written in one place. */
export function isSamePlace(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

/** The jobs that run what is written in this place. */
export function usersOf({ jobs }: Configuration, { span }: Node): string[] {
  return [...jobs.values()]
    .filter(({ keywords: list }) =>
      [...keywords, 'after_script'].some((keyword) =>
        flatItems(get(list, keyword)).some((node) => isSamePlace(node.span, span)),
      ),
    )
    .map(({ name }) => name);
}
