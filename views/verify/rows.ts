import type { Effect } from '../../source/core/change.ts';
import type { Verification, VerifyPlace } from '../../source/tasks/verification/model.ts';
import { verifications } from '../../source/tasks/verification/run.ts';

/** One of the plan's verification commands in one of its places. */
export interface VerifyRow {
  /** `nix-build here`. */
  readonly key: string;
  readonly verification: Verification;
  readonly place: VerifyPlace;
  /** It can be looked at without changing anything. */
  readonly canLook: boolean;
  /** What running it needs; absent where there is nothing to run. */
  readonly runs?: Effect;
}

export const verifyRows: readonly VerifyRow[] = verifications.flatMap((verification) =>
  verification.places.map((place) => {
    const again = verification.effect(place, true);
    return {
      key: `${verification.name} ${place}`,
      verification,
      place,
      canLook: verification.effect(place, false) === 'none',
      ...(again === 'none' ? {} : { runs: again }),
    };
  }),
);

export const placeNames: Readonly<Record<VerifyPlace, string>> = {
  here: 'here',
  honey: 'honey',
  ci: 'CI job',
};

export function rowKey({ key }: VerifyRow): string {
  return key;
}

export function rowText({ verification: { name, title }, place }: VerifyRow): string {
  return `${name} ${title} ${placeNames[place]}`;
}
