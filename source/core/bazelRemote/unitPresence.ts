import type { Check } from './check.ts';
import { type Deployment, parseLabel } from './deployment.ts';
import type { UnitFile, UnitSurvey } from './unitSurvey.ts';
import { serviceOf, type UnitPlace, unitLabel, unitPath } from './units.ts';

/** What files of units mean for the plan. */
export type UnitPresence =
  /** No unit is wanted, and there is none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'absent' }
  /** Ours, as wanted. */
  | { readonly kind: 'same'; readonly isActive: boolean; readonly isEnabled: boolean }
  /** Ours with other settings. */
  | {
      readonly kind: 'other';
      /** The bytes that are there, and the settings of its first line. */
      readonly base64: string;
      readonly label: string;
      readonly isActive: boolean;
      readonly isEnabled: boolean;
    }
  | { readonly kind: 'refused' };

const forms = ['systemd', 'quadlet'] as const;

/** `wanted` is the whole text of the unit; ignored where the deployment wants none. */
export function unitPresence(
  deployment: Deployment,
  wanted: string,
  { survey, place }: { readonly survey: UnitSurvey; readonly place: UnitPlace },
): { readonly presence: UnitPresence; readonly checks: readonly Check[] } {
  const { unit, name } = deployment;
  const line = { id: 'unit', title: 'unit' };
  const refused = (saw: string, fix: string) => ({
    presence: { kind: 'refused' } as const,
    checks: [{ ...line, state: 'problem' as const, saw, fix }],
  });
  for (const form of forms) {
    if (form === unit || survey[form].state === 'absent') continue;
    const path = unitPath(form, name, place);
    const manager = place.scope === 'user' ? 'systemctl --user' : 'systemctl';
    if (survey[form].state === 'there')
      return refused(
        `${path} runs ${name} already${isOurs(survey[form]) ? '' : ', and was not made here'}`,
        `Keep it so: --set unit=${form}; or on the host: ${manager} disable --now ${serviceOf({ name })}, and remove the file`,
      );
    if (unit !== 'container') return refused(`${path}: ${sawOf(survey[form])}`, 'Look at it on the host.');
  }
  if (unit === 'container') return { presence: { kind: 'none' }, checks: [] };
  const file = survey[unit];
  const path = unitPath(unit, name, place);
  const { isActive, isEnabled } = survey;
  if (file.state === 'unknown') return refused(`${path}: ${file.saw}`, 'Look at it on the host.');
  if (file.state === 'absent')
    return { presence: { kind: 'absent' }, checks: [{ ...line, state: 'fine', saw: `${path} is absent` }] };
  const label = unitLabel(file.text);
  if (label === undefined || !parseLabel(label))
    return refused(
      `${path} is there and was not made here: it is left as it is`,
      'Choose another name: --set name=NAME',
    );
  if (file.text === wanted)
    return {
      presence: { kind: 'same', isActive, isEnabled },
      checks: [
        { ...line, state: 'fine', saw: `${path} is as wanted, ${isActive ? 'active' : 'not active'}` },
      ],
    };
  return {
    presence: { kind: 'other', base64: file.base64, label, isActive, isEnabled },
    checks: [{ ...line, state: 'fine', saw: `${path} is there with other settings: it will be replaced` }],
  };
}

function isOurs(file: UnitFile): boolean {
  return file.state === 'there' && unitLabel(file.text) !== undefined;
}

function sawOf(file: UnitFile): string {
  return file.state === 'unknown' ? file.saw : file.state;
}
