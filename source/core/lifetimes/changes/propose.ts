import { proposeCompression } from './compression.ts';
import { proposeExpiry } from './expiry.ts';
import { proposeKeys } from './keys.ts';
import type { ChangeInput, ChangeName, Proposal } from './model.ts';
import { proposePackageRegistry } from './packageRegistry.ts';
import { proposePolicy } from './policy.ts';

const proposers: Readonly<Record<ChangeName, (input: ChangeInput) => Proposal>> = {
  expiry: proposeExpiry,
  keys: proposeKeys,
  policy: proposePolicy,
  'package-registry': proposePackageRegistry,
  compression: proposeCompression,
};

/** What one kind of change would write here. */
export function propose(name: ChangeName, input: ChangeInput): Proposal {
  return proposers[name](input);
}
