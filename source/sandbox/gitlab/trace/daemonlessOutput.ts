import { hex, type Random } from '../model/random.ts';
import { instructions } from './containerOutput.ts';
import { block, type Item } from './items.ts';

export interface DaemonlessBuild {
  /** The layers were found in a cache. */
  readonly isCached: boolean;
  /** The command keeps layers. */
  readonly writes: boolean;
  readonly random: Random;
}

const repository = 'registry.gitlab.com/tinyland/ai/huskycat';

/** What Kaniko's executor prints; it looks for the layers of RUN only. */
export function kanikoBuild(containerFile: string, { isCached, writes, random }: DaemonlessBuild): Item[] {
  let seconds = 1;
  const info = (text: string): string => `INFO[${String(seconds).padStart(4, '0')}] ${text}`;
  const items: Item[] = block([info('Retrieving image manifest python:3.12-slim')], 1);
  for (const { text, weight } of instructions(containerFile)) {
    const isRun = text.startsWith('RUN');
    seconds += isCached ? 1 : Math.ceil(weight / 2);
    if (!isRun) items.push({ text: info(text), weight: 1 });
    else if (isCached) items.push(...block([info(`Using caching version of cmd: ${text}`)], 1));
    else {
      if (writes) items.push({ text: info(`No cached layer found for cmd ${text}`), weight: 0.5 });
      items.push(
        { text: info(text), weight },
        { text: info('Taking snapshot of full filesystem...'), weight: 8 },
      );
      if (writes)
        items.push({
          text: info(`Pushing layer ${repository}/cache:${hex(random, 64)} to cache now`),
          weight: 4,
        });
    }
  }
  return [
    ...items,
    ...block(
      [info(`Pushing image to ${repository}`), info(`Pushed ${repository}@sha256:${hex(random, 64)}`)],
      isCached ? 4 : 30,
    ),
  ];
}

/** What `buildah build` prints. */
export function buildahBuild(containerFile: string, { isCached, writes, random }: DaemonlessBuild): Item[] {
  const all = instructions(containerFile);
  const items = all.flatMap(({ text, weight }, index): Item[] => {
    const head = `STEP ${index + 1}/${all.length}: ${text}`;
    const key = hex(random, 64);
    if (text.startsWith('FROM')) return [{ text: head, weight: 2 }];
    if (isCached)
      return block(
        [
          head,
          `--> Cache pulled from remote ${repository}/cache:${key}`,
          `--> Using cache ${hex(random, 64)}`,
        ],
        0.5,
      );
    return [
      { text: head, weight },
      ...(writes ? [{ text: `--> Pushing cache [${repository}/cache]:${key}`, weight: 3 }] : []),
      { text: `--> ${hex(random, 12)}`, weight: 0.2 },
    ];
  });
  return [
    ...items,
    ...block([`COMMIT ${repository}`, `--> ${hex(random, 12)}`, hex(random, 64)], isCached ? 2 : 20),
  ];
}
