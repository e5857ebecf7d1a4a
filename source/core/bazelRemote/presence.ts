import type { Check } from './check.ts';
import type { DeployedContainer } from './container.ts';
import { type Deployment, labelText, parseLabel } from './deployment.ts';
import type { TargetSurvey } from './survey.ts';

/** What a container of the wanted name means for the plan. */
export type Presence =
  | { readonly kind: 'absent' }
  /** Ours, as wanted and running. */
  | { readonly kind: 'same'; readonly container: DeployedContainer }
  /** Ours, as wanted, and not running. */
  | { readonly kind: 'stopped'; readonly container: DeployedContainer }
  /** Ours with other settings. */
  | { readonly kind: 'other'; readonly container: DeployedContainer; readonly differs: readonly string[] }
  | { readonly kind: 'refused' };

const title = 'container';

/** What is there under the container’s name, and a line about it; `isAdopted` lets one that was made elsewhere be replaced. */
export function presenceOf(
  deployment: Deployment,
  { container, previous }: TargetSurvey,
  isAdopted = false,
): { readonly presence: Presence; readonly check: Check } {
  const { name, engine } = deployment;
  const line = { id: 'container', title };
  const refused = (saw: string, fix: string) => ({
    presence: { kind: 'refused' } as const,
    check: { ...line, state: 'problem' as const, saw, fix },
  });
  if (container.state === 'unknown') return refused(container.saw, `See what ${engine} says on the host.`);
  if (previous.state === 'there')
    return refused(
      `a container ${name}-prev is there: an upgrade did not end`,
      `Resume or undo that run; or when ${name} works: ${engine} rm ${name}-prev`,
    );
  if (container.state === 'absent')
    return {
      presence: { kind: 'absent' },
      check: { ...line, state: 'fine', saw: `no container is named ${name}` },
    };
  const { label, image, status } = container.container;
  const settings = label === undefined ? undefined : parseLabel(label);
  if (!settings && isAdopted)
    return {
      presence: { kind: 'other', container: container.container, differs: ['made elsewhere → made here'] },
      check: {
        ...line,
        state: 'warning',
        saw: `a container ${name} is there that was not made here (${image}, ${status}): it is stopped and set aside, and removed in the last step, when the new one works; its data stay where they are`,
        fix: `See where its data are, and set them: ${engine} inspect ${name}; --set data=…`,
      },
    };
  if (!settings)
    return refused(
      `a container ${name} is there that was not made here (${image}, ${status}): it is left as it is`,
      `Choose another name: --set name=NAME; take its place: --set adopt=yes; or when nobody needs it: ${engine} rm -f ${name}`,
    );
  if (label === labelText(deployment)) {
    const kind = status === 'running' || status === 'restarting' ? 'same' : 'stopped';
    return {
      presence: { kind, container: container.container },
      check: { ...line, state: 'fine', saw: `${name} is there with these settings, ${status}` },
    };
  }
  const wanted = parseLabel(labelText(deployment)) ?? {};
  const differs = [...new Set([...Object.keys(settings), ...Object.keys(wanted)])]
    .filter((key) => settings[key] !== wanted[key])
    .map((key) => `${key} ${settings[key] ?? 'none'} → ${wanted[key] ?? 'none'}`);
  return {
    presence: { kind: 'other', container: container.container, differs },
    check: {
      ...line,
      state: 'fine',
      saw: `${name} is there with other settings (${differs.join('; ')}): it will be replaced, its data kept`,
    },
  };
}
