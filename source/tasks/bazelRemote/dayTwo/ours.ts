import type { DeployedContainer } from '../../../core/bazelRemote/container.ts';
import { labelText, parseLabel } from '../../../core/bazelRemote/deployment.ts';
import { planned } from '../../../core/bazelRemote/proposals.ts';
import type { Where } from '../../../core/plan/action.ts';
import { plain } from '../../../core/text/safe.ts';
import type { Planning } from '../../task.ts';
import { choose } from '../choose.ts';
import type { Deploying } from '../deploying.ts';
import { inspect } from '../ready.ts';
import { openSite, type Site } from '../site.ts';

/** The cache that is there, and what it was made with. */
export interface Ours {
  readonly site: Site;
  readonly container: DeployedContainer;
  readonly deploying: Deploying;
  readonly engine: string;
  readonly name: string;
  /** What it was run with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of the container: the settings as they were written. */
  readonly label: string;
  /** Whether a container that is run now, with the same settings, is the same. */
  readonly isRepeatable: boolean;
}

/** The container that the settings name; or why nothing is done with it: it is absent, or was not made here. */
export async function findOurs({
  workspace,
  choice,
  signal,
}: Pick<Planning, 'workspace' | 'choice' | 'signal'>): Promise<Ours | { readonly refused: string }> {
  const given = choice.settings;
  const wanted = given.host ?? ('service' in workspace.honey ? 'honey' : 'here');
  const where: Where = wanted === 'here' ? 'here' : 'honey';
  const site = await openSite(workspace, where, signal);
  const { host, place } = site;
  const listed = 'value' in host.containers ? host.containers.value : [];
  const own = listed.filter(({ isOurs, name }) => isOurs === true && (given.name ?? name) === name);
  const name = given.name ?? own[0]?.name ?? planned.name;
  const answering = host.engines.find(({ version }) => 'value' in version)?.name;
  const engine = given.engine ?? own.find((one) => one.name === name)?.engine ?? answering ?? 'docker';
  if (!['docker', 'podman'].includes(engine))
    return { refused: `${plain(engine, 40)} is neither docker nor podman` };
  if (!/^[a-zA-Z0-9][\w.-]+$/.test(name)) return { refused: `${plain(name, 60)} is no name of a container` };
  const container = await inspect(place, engine, name, signal);
  if (!container) return { refused: `there is no container ${name} on ${place.address}` };
  const { label = '' } = container;
  const settings = parseLabel(label);
  if (!settings)
    return {
      refused: `the container ${name} was not made here (${container.image}): it is left as it is`,
    };
  const same = { engine, name, ...(settings.image === undefined ? {} : { image: settings.image }) };
  const { deploying } = choose(same, site, { label });
  const isRepeatable = labelText(deploying.deployment) === label;
  return { site, container, deploying, engine, name, settings, label, isRepeatable };
}
