import { get, textsOf } from '../../../core/ci/yaml/node.ts';
import type { Tree } from '../../checkout/objects.ts';
import { untilWrongPassword, usualDuration } from './durations.ts';
import { between, type Random } from './random.ts';
import type { JobRun, Outcome } from './runs.ts';
import { cacheUses, layerUse, type Stores } from './stores.ts';

/** What decides how a job goes. */
export interface Surroundings {
  readonly random: Random;
  readonly tree: Tree;
  readonly variables: Readonly<Record<string, string>>;
  readonly certificatePassword: string;
  /** The key that the cache signs with; absent when nobody knows it. */
  readonly atticPublicKey: string | undefined;
  readonly stores: Stores;
  /** Whether an earlier job filled the remote Bazel cache. */
  readonly hasRemoteResults: boolean;
}

/** How a job that starts now will go, by its commands and the files of its commit. */
export function outcomeOf(run: JobRun, around: Surroundings): Outcome {
  const commands = commandsOf(run);
  const { variables } = around;
  if (isSigning(commands) && variables.APPLE_CERTIFICATE_PASSWORD !== around.certificatePassword) {
    const duration = between(around.random, ...untilWrongPassword);
    return { duration, failure: 'script_failure', story: { variables, wrongPassword: true } };
  }
  const extracted = cacheUses(run, around.tree).map((use) => around.stores.found(run, use));
  const cached = isCached(run, commands, extracted, around);
  const duration = between(around.random, ...usualDuration(run.job.definition.name, cached));
  return { duration, story: { variables, cached, extracted } };
}

/** Every line of `before_script` and `script`. */
export function commandsOf({ job }: JobRun): readonly string[] {
  const { keywords } = job.definition;
  return [...textsOf(get(keywords, 'before_script')), ...textsOf(get(keywords, 'script'))];
}

function isSigning(commands: readonly string[]): boolean {
  return commands.some((command) => command.includes('security import certificate.p12'));
}

/** True when `.bazelrc` names a remote cache. */
export function usesRemoteCache(tree: Tree): boolean {
  return /^\s*(?:build|common)(?::\w+)?\s+--remote_cache=\S+/m.test(textOf(tree, '.bazelrc'));
}

function isCached(
  run: JobRun,
  commands: readonly string[],
  extracted: readonly (string | undefined)[],
  around: Surroundings,
): boolean {
  const { tree, atticPublicKey } = around;
  if (commands.some((command) => /\bnix (?:build|flake check)\b/.test(command))) {
    const lines = [
      ...textOf(tree, 'flake.nix').split('\n'),
      ...textOf(tree, '.gitlab/ci/nix.yml').split('\n'),
    ];
    const active = lines.filter((line) => !/^\s*#/.test(line));
    return atticPublicKey !== undefined && active.some((line) => line.includes(atticPublicKey));
  }
  if (commands.some((command) => /\bbazel (?:build|test)\b/.test(command)))
    return usesRemoteCache(tree) && around.hasRemoteResults;
  if (around.stores.hasPackages(commands, tree)) return true;
  if (commands.some((command) => /\buv sync\b/.test(command)))
    return extracted.some((key) => key !== undefined);
  return around.stores.hasLayers(layerUse(run, commands));
}

function textOf(tree: Tree, path: string): string {
  return tree.get(path)?.content.toString('utf8') ?? '';
}
