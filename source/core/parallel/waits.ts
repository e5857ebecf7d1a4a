import type { Configuration, JobDefinition, Node } from '../ci/model.ts';
import { needsOf } from '../ci/schema/job.ts';
import { needKind } from '../ci/schema/needs.ts';
import { stageOf } from '../ci/validate.ts';
import { flatItems, get, isNull, scalarText, textOf } from '../ci/yaml/node.ts';

/** A need on a job of the same pipeline, by its name in the configuration. */
export interface WrittenNeed {
  readonly job: string;
  readonly artifacts: boolean;
  readonly optional: boolean;
  /** As it is written; absent for one that is new. */
  readonly item?: Node;
}

/** What a job waits for, as it is written. */
export interface Wait {
  readonly stage: string;
  /** Null is stage order. */
  readonly needs: readonly WrittenNeed[] | null;
  /** Needs on other projects and pipelines, which wait for no job here. */
  readonly others: readonly Node[];
}

/** By name in the configuration. */
export type Waits = ReadonlyMap<string, Wait>;

/** What each job of a configuration waits for; rules may say otherwise, see `immovable`. */
export function waitsOf({ jobs }: Configuration): Waits {
  return new Map([...jobs].map(([name, job]) => [name, waitOf(job)]));
}

function waitOf(job: JobDefinition): Wait {
  const own = get(job.keywords, 'needs');
  const items = needsOf(job.keywords);
  const others = items.filter((item) => needKind(item) !== 'job');
  const isMirror = items.length > 0 && items.every((item) => needKind(item) === 'bridge');
  if (!own || isNull(own) || isMirror) return { stage: stageOf(job), needs: null, others };
  return {
    stage: stageOf(job),
    others,
    needs: items
      .filter((item) => needKind(item) === 'job')
      .map((item) => ({
        job: textOf(item) ?? textOf(get(item, 'job')) ?? '',
        artifacts: !isSet(item, 'artifacts', false),
        optional: isSet(item, 'optional', true),
        item,
      })),
  };
}

function isSet(node: Node, key: string, to: boolean): boolean {
  const value = get(node, key);
  return value?.kind === 'scalar' && value.value === to;
}

/** Every `when` that a job may have, by its own keyword and its rules. */
export function whensOf({ keywords }: JobDefinition): Set<string> {
  const own = scalarText(get(keywords, 'when')) ?? 'on_success';
  const rules = flatItems(get(keywords, 'rules'));
  const found = rules.map((rule) => scalarText(get(rule, 'when')) ?? own).filter((when) => when !== 'never');
  return new Set(rules.length > 0 ? found : [own]);
}

/** Why what a job waits for is left as it is; undefined when it may be changed. */
export function immovable(job: JobDefinition): string | undefined {
  if (!isNull(get(job.keywords, 'trigger'))) return 'it starts another pipeline, which may do anything';
  if (needsOf(job.keywords).some((item) => needKind(item) === 'bridge')) return 'it mirrors another pipeline';
  if (flatItems(get(job.keywords, 'rules')).some((rule) => !isNull(get(rule, 'needs'))))
    return 'its rules change its needs';
  const whens = whensOf(job);
  for (const when of ['always', 'on_failure'])
    if (whens.has(when)) return `it runs ${when === 'always' ? 'whatever happens' : 'when others fail'}`;
  return undefined;
}

/** Whether one job is in every pipeline that another is in, as far as their rules show. */
export function alwaysWith(configuration: Configuration, needed: string, job: string): boolean {
  const [one, other] = [configuration.jobs.get(needed), configuration.jobs.get(job)];
  if (!one || !other) return false;
  const conditions = (from: JobDefinition): string =>
    JSON.stringify(
      ['rules', 'only', 'except'].map((key) => {
        const node = get(from.keywords, key);
        return node && !isNull(node) ? bare(node) : null;
      }),
    );
  if (conditions(one) === conditions(other)) return true;
  const workflow = get(get(configuration.root, 'workflow'), 'rules');
  return conditions(one) === '[null,null,null]' && workflow !== undefined && !isNull(workflow);
}

/** Of rules only what decides whether the job is there. */
function bare(node: Node): unknown {
  if (node.kind === 'sequence') return node.items.map(bare);
  if (node.kind === 'reference') return node.path;
  if (node.kind === 'scalar') return node.value;
  const kept = [...node.entries].filter(([key]) => !['allow_failure', 'variables', 'needs'].includes(key));
  return kept.map(([key, { value }]) => [key, key === 'when' && !isNever(value) ? 'in' : bare(value)]);
}

function isNever(node: Node): boolean {
  return scalarText(node) === 'never';
}
