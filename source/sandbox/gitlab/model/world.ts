import type { ResolvedJobSet } from '../../../core/ci/jobSet.ts';
import type { Commit } from '../../checkout/objects.ts';
import type { Repository } from '../../checkout/repository.ts';
import type { WorldClock } from '../../types.ts';
import { askedBy, NotTriggered } from './bridges.ts';
import { answer, configurationOf, type PipelineQuestion } from './ciFiles.ts';
import { Engine } from './engine.ts';
import { type Follower, follow } from './follow.ts';
import type { MergeRequest, Proposal } from './mergeRequests.ts';
import { NotCreated } from './notCreated.ts';
import { commandsOf, outcomeOf, usesRemoteCache } from './outcomes.ts';
import { project } from './places.ts';
import { between, type Random, seededRandom } from './random.ts';
import { Registry } from './registry.ts';
import { runners } from './runners.ts';
import type { JobRun, Outcome, PipelineRun, User } from './runs.ts';
import { layerUse, Stores } from './stores.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { type GroupSecrets, groupSecrets, jobVariables, type Variable } from './variables.ts';

export interface WorldOptions {
  readonly clock: WorldClock;
  readonly repository: Repository;
  /** The token that `ATTIC_TOKEN` holds. */
  readonly atticToken: string;
  /** `main:…`, the key that the cache signs with: builds that trust it are fast. */
  readonly atticPublicKey?: string;
  /** A colleague merges what this program proposed, once its pipeline is green. */
  readonly mergesProposals?: boolean;
  /** The same world for the same seed and time; by chance when absent. */
  readonly seed?: string;
}

/** Who may give variables to pipelines and jobs: `ci_pipeline_variables_minimum_override_role`. */
export const variablesRoles = ['no_one_allowed', 'developer', 'maintainer', 'owner'] as const;
export type VariablesRole = (typeof variablesRoles)[number];

/** Who or what a pipeline is created by. */
interface Start {
  readonly source: string;
  readonly user: User;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly upstream?: JobRun;
}

/** Everything that the sandbox's GitLab knows, and what happens in it. */
export class World {
  readonly clock: WorldClock;
  readonly repository: Repository;
  readonly tokens: Tokens;
  readonly groupVariables: Variable[];
  readonly projectVariables: Variable[] = [];
  readonly protectedBranches = new Set<string>([project.defaultBranch]);
  readonly protectedTags = new Set<string>();
  readonly mergeRequests: MergeRequest[] = [];
  readonly mergesProposals: boolean;
  approvalsBeforeMerge = 0;
  variablesRole: VariablesRole = 'developer';
  readonly registry: Registry;
  readonly engine: Engine;
  readonly random: Random;
  private readonly options: WorldOptions;
  private readonly secrets: GroupSecrets;
  private readonly schedule: Follower;
  private readonly stores = new Stores();
  private readonly answers = new Map<string, ResolvedJobSet>();
  private hasRemoteResults = false;
  private lastJob = 9_110_400_210;
  private lastPipeline = 1_480_200_310;

  constructor(options: WorldOptions) {
    const { clock, repository, atticToken, seed = String(Math.random()) } = options;
    this.options = options;
    this.mergesProposals = options.mergesProposals === true;
    this.clock = clock;
    this.repository = repository;
    this.random = seededRandom(seed);
    const now = clock.now();
    this.tokens = createTokens(seededRandom(`${seed} tokens`), now);
    this.secrets = groupSecrets(seededRandom(`${seed} variables`), atticToken);
    this.groupVariables = this.secrets.variables;
    this.registry = new Registry(seededRandom(`${seed} registry`));
    this.engine = new Engine({
      runners,
      outcome: (run) => this.outcome(run),
      trigger: (run, at) => this.trigger(run, at),
      ended: (run) => this.ended(run),
      idle: (at) => this.schedule.idle(at),
      nextJobId: () => ++this.lastJob,
    });
    this.schedule = follow(this);
    this.schedule.begin(now);
  }

  /** The world's time, with all that happened until then. */
  now(): number {
    const now = this.clock.now();
    this.engine.advance(now);
    return now;
  }

  /** Protected variables reach the jobs of these refs. */
  isProtected(ref: string, isTag: boolean): boolean {
    const patterns = isTag ? this.protectedTags : this.protectedBranches;
    return [...patterns].some((pattern) => matches(pattern, ref));
  }

  /** Creates a pipeline. Throws `NotCreated` with GitLab's messages. */
  start(question: PipelineQuestion, source: string, user: User, at: number): PipelineRun {
    const set = this.answer(question);
    if (set.errors.length > 0) throw new NotCreated(set.errors.map(({ message }) => message));
    return this.create(set, question, { source, user, at });
  }

  private create(set: ResolvedJobSet, question: PipelineQuestion, by: Start): PipelineRun {
    const { event, ref, commit, variables = {} } = question;
    const { source, user, at, upstream } = by;
    const isRequest = event === 'merge_request' && source !== 'parent_pipeline';
    const mergeRequest = isRequest ? this.mergeRequestOf(ref)?.iid : undefined;
    const head = mergeRequest === undefined ? ref : `refs/merge-requests/${mergeRequest}/head`;
    this.lastPipeline += between(this.random, 3, 900);
    return this.engine.create({
      id: this.lastPipeline,
      iid: this.engine.pipelines.length + 341,
      event,
      source,
      ref: source === 'parent_pipeline' ? (upstream?.pipeline.ref ?? ref) : head,
      branch: ref,
      sha: commit.sha,
      isTag: event === 'tag',
      set,
      variables,
      user,
      createdAt: at,
      ...(mergeRequest === undefined ? {} : { mergeRequest }),
      ...(upstream ? { upstream } : {}),
    });
  }

  /** The pipeline that a bridge starts. Throws `NotTriggered`. */
  private trigger(run: JobRun, at: number): PipelineRun {
    const { question, source, set = this.answer(question) } = askedBy(run, this.repository);
    if (set.errors.length > 0) throw new NotTriggered('downstream_pipeline_creation_failed');
    return this.create(set, question, { source, user: run.user, at, upstream: run });
  }

  /** What was asked before, as by schedules and by commits that change no configuration, is not analysed again. */
  private answer(question: PipelineQuestion): ResolvedJobSet {
    const { event, ref, commit, variables = {}, content, source } = question;
    const key = JSON.stringify([event, ref, configurationOf(commit), variables, content, source]);
    const known = this.answers.get(key) ?? answer(this.repository, question);
    this.answers.set(key, known);
    return known;
  }

  /** After a branch or tag has moved: the pipeline that a push creates, if there is one. */
  pushed(ref: string, commit: Commit, isTag: boolean, user: User, at: number): PipelineRun | undefined {
    const open = isTag ? undefined : this.mergeRequestOf(ref);
    const event = isTag ? 'tag' : open ? 'merge_request' : 'push';
    const source = open ? 'merge_request_event' : 'push';
    try {
      return this.start({ event, ref, commit }, source, user, at);
    } catch (thrown) {
      if (thrown instanceof NotCreated) return undefined;
      throw thrown;
    }
  }

  mergeRequestOf(branch: string): MergeRequest | undefined {
    return this.mergeRequests.find(({ source, state }) => source === branch && state === 'opened');
  }

  /** Opens a merge request into the default branch, or another. */
  propose(parts: Proposal, at: number): MergeRequest {
    const iid = this.mergeRequests.length + 1;
    const opened: MergeRequest = {
      ...parts,
      id: 312_044_000 + iid,
      iid,
      state: 'opened',
      createdAt: at,
      updatedAt: at,
      approvedBy: [],
    };
    this.mergeRequests.push(opened);
    return opened;
  }

  private outcome(run: JobRun): Outcome {
    const { branch, isTag, sha, event, variables } = run.pipeline;
    const isProtected = event !== 'merge_request' && this.isProtected(branch, isTag);
    const given = { ...variables, ...run.variables };
    return outcomeOf(run, {
      random: this.random,
      tree: this.repository.commits.get(sha)?.tree ?? new Map(),
      variables: {
        ...jobVariables([this.groupVariables, this.projectVariables], isProtected),
        ...given,
      },
      certificatePassword: this.secrets.certificatePassword,
      atticPublicKey: this.options.atticPublicKey,
      stores: this.stores,
      hasRemoteResults: this.hasRemoteResults,
    });
  }

  private ended(run: JobRun): void {
    if (run.outcome?.failure) return;
    const commands = commandsOf(run);
    const at = (run.startedAt ?? 0) + (run.outcome?.duration ?? 0) * 1000;
    const short = run.pipeline.sha.slice(0, 8);
    if (
      commands.some((command) =>
        /\b(?:docker|buildah) push .*-amd64|--push\b|--destination=|push=true/.test(command),
      )
    )
      this.registry.push('', `${short}-amd64`, between(this.random, 610_000_000, 640_000_000), at);
    if (commands.some((command) => /\bdocker push .*:latest/.test(command)))
      this.registry.push('', 'latest', between(this.random, 610_000_000, 640_000_000), at);
    for (const ref of layerUse(run, commands).to) {
      const [, name = '', tag = 'cache'] = /\/huskycat(?:\/([^:]*))?(?::(.*))?$/.exec(ref) ?? [];
      this.registry.push(name, tag, between(this.random, 900_000_000, 990_000_000), at);
    }
    const tree = this.repository.commits.get(run.pipeline.sha)?.tree ?? new Map();
    this.stores.keep(run, commands, tree);
    if (commands.some((command) => /\bbazel build\b/.test(command)))
      this.hasRemoteResults ||= usesRemoteCache(tree);
  }
}

/** GitLab's wildcards: `*` is any text. */
function matches(pattern: string, ref: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(ref);
}
