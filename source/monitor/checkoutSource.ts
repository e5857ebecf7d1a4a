import { createHash } from 'node:crypto';
import type { CheckoutFacts } from '../core/checkout/facts.ts';
import type { CheckoutView } from '../core/observations.ts';
import type { Checkout } from '../services/git/checkout.ts';
import { readStatus } from '../services/git/inspect.ts';
import { pipelineContext } from '../services/git/pipelineContext.ts';
import type { SourceDefinition } from './source.ts';

/** The checkout as it was last read, with what its files say. */
export interface CheckoutReading {
  readonly view: CheckoutView;
  readonly facts: CheckoutFacts;
  /** Changes when a file that was read, or the commit, does. */
  readonly mark: string;
}

export interface CheckoutSourceOptions {
  readonly open: (signal: AbortSignal) => Promise<Checkout>;
  readonly now: () => number;
  /** Path of the CI configuration. */
  readonly entry: () => string;
}

const names =
  /\.(?:ya?ml|nix|bazelrc|lock|sh|md|toml)$|(?:^|\/)(?:ContainerFile|Dockerfile|\.bazelrc|\.bazelversion)$/;

/** Reads the checkout; the same reading is kept while nothing in it changed. */
export function checkoutSource({
  open,
  now,
  entry,
}: CheckoutSourceOptions): SourceDefinition<CheckoutReading> {
  return {
    shown: 30_000,
    hidden: 60_000,
    isPlain: false,
    async fetch(signal, previous) {
      const checkout = await open(signal);
      const mark = markOf(checkout);
      const view = await viewOf(checkout, signal);
      if (previous?.mark === mark)
        return previous.view.dirty === view.dirty ? previous : { ...previous, view };
      // The analysis of CI configurations is large: the first frame does not wait for it.
      const { readFacts } = await import('../core/checkout/facts.ts');
      const facts = readFacts({
        readAt: new Date(now()).toISOString(),
        files: checkout,
        entry: entry(),
        defaultBranch: checkout.defaultBranch,
        tags: (checkout.refs ?? []).filter((ref) => /^v?\d+\.\d/.test(ref)),
        contextOf: (event) => pipelineContext(checkout, event),
      });
      return { view, facts, mark };
    },
  };
}

async function viewOf(checkout: Checkout, signal: AbortSignal): Promise<CheckoutView> {
  const { root, branch, commit, isGit } = checkout;
  const tree = isGit ? await readStatus(root, { signal }) : undefined;
  return {
    root,
    ...(branch === undefined ? {} : { branch }),
    ...(commit ? { commit: commit.sha } : {}),
    ...(tree ? { dirty: tree.staged + tree.unstaged + tree.conflicted + tree.untracked > 0 } : {}),
  };
}

/** Files beyond this many are not watched for changes, only for coming and going. */
const watched = 1_000;

/** A hash of the commit and of every file that is looked at: reading them is cheap, analysing them is not. */
function markOf(checkout: Checkout): string {
  const hash = createHash('sha256');
  const files = checkout.list();
  hash.update([checkout.commit?.sha, checkout.branch, ...files].join('\0'));
  for (const path of files.filter((one) => names.test(one)).slice(0, watched))
    hash.update(`\0${path}\0`).update(checkout.read(path) ?? '');
  return hash.digest('base64');
}
