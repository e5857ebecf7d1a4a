import type { Variables } from './expression/evaluate.ts';

/** A place in a file of the repository. */
export interface Place {
  /** Path from the repository's root, with `/`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
}

/** A place and the bytes that stand there: `start` to before `end`, offsets into the file's UTF-8, a byte order mark counted. */
export interface Span extends Place {
  readonly start: number;
  readonly end: number;
}

/** A YAML value that knows where it is written. Includes, extends and merges keep the span of the file that wrote the value. */
export type Node = ScalarNode | SequenceNode | MappingNode | ReferenceNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly span: Span;
  /** Of a number that is written as a fraction, `2.0` too: to Ruby a Float, which stands for no text. */
  readonly isFloat?: true;
  /** Of a literal block (`|`), whose lines are those of its text: where the first of them begins. */
  readonly text?: Place;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
  readonly span: Span;
}

export interface MappingNode {
  readonly kind: 'mapping';
  /** By key, in the order that GitLab sees. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly span: Span;
}

/** One `key: value` of a mapping; `key` is where the key is written. */
export interface Entry {
  readonly key: Span;
  readonly value: Node;
  /** False where the key is a number or a truth value to Ruby (`10:`, `yes:`), which no job's name may be. */
  readonly isText?: false;
}

/** `!reference [job, keyword, ...]` that is not resolved yet; none is left in a resolved configuration. */
export interface ReferenceNode {
  readonly kind: 'reference';
  readonly path: readonly string[];
  readonly span: Span;
}

/** The files of a checkout or of a commit. */
export interface CiFiles {
  /** A file's text; undefined when there is none, or when the path leaves the repository. */
  read(path: string): string | undefined;
  /** Every tracked file, from the repository's root, with `/`. */
  list(): readonly string[];
}

/** An include that cannot be resolved offline, and what that may hide. */
export interface UnresolvedInclude {
  /** The include as written: `template: Jobs/SAST.gitlab-ci.yml`. */
  readonly include: string;
  readonly because: string;
  readonly at: Span;
}

/** Something that keeps GitLab from creating the pipeline, in GitLab's words; without a place where no line causes it. */
export interface ConfigurationError {
  readonly message: string;
  readonly at?: Span;
}

/** A configuration after includes, merges, extends and references, before any rule is evaluated. */
export interface Configuration {
  /** The merged top level, with hidden jobs. */
  readonly root: MappingNode;
  /** In the order they run, `.pre` and `.post` included. */
  readonly stages: readonly string[];
  /** Visible jobs by name, with `extends` and `default` applied, not yet expanded by `parallel`. */
  readonly jobs: ReadonlyMap<string, JobDefinition>;
  /** Paths that were read, the entry file first. */
  readonly files: readonly string[];
  readonly unresolved: readonly UnresolvedInclude[];
  readonly errors: readonly ConfigurationError[];
}

export interface JobDefinition {
  readonly name: string;
  /** Where the name is written; the last file that defines the job. */
  readonly at: Span;
  /** Every keyword that holds for the job. */
  readonly keywords: MappingNode;
}

export type PipelineEvent = 'push' | 'merge_request' | 'tag' | 'schedule' | 'web';

/** What a pipeline would be created for. */
export interface PipelineContext {
  readonly event: PipelineEvent;
  /** A branch, or a tag for the event `tag`; the source branch for `merge_request`. */
  readonly ref: string;
  readonly defaultBranch: string;
  /** Paths that changed. When absent there is nothing to compare, and `rules:changes` is true, as on GitLab. */
  readonly changed?: readonly string[];
  /** `changed` is what GitLab compared for the event itself: what changed since another ref (`compare_to`) is not known. */
  readonly isOwnChange?: boolean;
  /** Why `changed` is absent although GitLab compared; said where `rules:changes` is taken as true for want of it. */
  readonly unread?: string;
  /** Branches and tags that exist, for `compare_to`; when absent every ref is taken to exist. */
  readonly refs?: readonly string[];
  /** Variables given by hand; they win over those of the configuration. */
  readonly variables: Variables;
  /** Predefined variables that the caller knows, such as CI_COMMIT_SHA and CI_PROJECT_PATH. */
  readonly known?: Variables;
  readonly files: CiFiles;
}

export type When = 'on_success' | 'on_failure' | 'always' | 'manual' | 'delayed';

/** A need on a job of the same pipeline, by its expanded name. */
export interface Need {
  readonly job: string;
  readonly artifacts: boolean;
  readonly optional: boolean;
}

/** A job, or a bridge, as the pipeline would hold it. */
export interface Job {
  /** As GitLab names it: `test 1/3`, `build: [linux, amd64]`. */
  readonly name: string;
  readonly definition: JobDefinition;
  readonly stage: string;
  readonly when: When;
  readonly allowFailure: boolean;
  readonly tags: readonly string[];
  /** Null is stage order; empty starts at once. */
  readonly needs: readonly Need[] | null;
}

export interface ExcludedJob {
  readonly name: string;
  /** The rule, or the lack of one, that left it out. */
  readonly because: string;
  readonly at: Span;
}

/** What GitLab would create for an event. No job is listed when there are errors. */
export interface JobSet {
  readonly jobs: readonly Job[];
  /** Stages that hold a job, in order. */
  readonly stages: readonly string[];
  readonly excluded: readonly ExcludedJob[];
  readonly unresolved: readonly UnresolvedInclude[];
  readonly errors: readonly ConfigurationError[];
  /** What was taken for granted, such as `rules:changes` without paths to compare. */
  readonly assumptions: readonly string[];
}
