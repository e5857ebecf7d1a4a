import { between, hex, type Random } from '../model/random.ts';
import { block, type Item } from './items.ts';

export interface Instruction {
  readonly label: string;
  readonly text: string;
  readonly weight: number;
}

export interface BuildOutput {
  /** The layers were found in a cache. */
  readonly isCached: boolean;
  /** The command names caches to read from, and to write to. */
  readonly reads: boolean;
  readonly writes: boolean;
  /** Not the builder of the Docker engine. */
  readonly hasOwnBuilder: boolean;
  readonly random: Random;
}

/** What BuildKit prints in plain mode while it builds a file. */
export function dockerBuild(containerFile: string, output: BuildOutput): Item[] {
  const { isCached, reads, writes, hasOwnBuilder, random } = output;
  const builder = hasOwnBuilder
    ? '"huskycat" instance using docker-container'
    : '"default" instance using docker';
  const items: Item[] = [
    { text: `#0 building with ${builder} driver`, weight: 0.2 },
    ...block(['#1 [internal] load build definition from ContainerFile', '#1 DONE 0.0s'], 0.2),
    ...block(['#2 [internal] load metadata for docker.io/library/python:3.12-slim', '#2 DONE 1.2s'], 0.4),
  ];
  if (reads) {
    const result = isCached
      ? ['#3 inferred cache manifest type: application/vnd.oci.image.manifest.v1+json', '#3 DONE 0.9s']
      : ['#3 ERROR: failed to configure registry cache importer: not found'];
    items.push(...block(['#3 importing cache manifest from registry', ...result], 1));
  }
  let number = 4;
  for (const { label, text, weight } of instructions(containerFile)) {
    const head = `#${number} ${label} ${text}`;
    if (isCached) items.push(...block([head, `#${number} CACHED`], 0.3));
    else items.push({ text: head, weight: weight * 0.1 }, ...work(number, text, weight, random));
    number += 1;
  }
  return [
    ...items,
    ...block([`#${number} exporting to image`, `#${number} exporting layers`], isCached ? 2 : 30),
    ...block([`#${number} writing image sha256:${hex(random, 64)} done`, `#${number} DONE 21.4s`]),
    ...(writes
      ? block([`#${number + 1} exporting cache to registry`, `#${number + 1} DONE 38.2s`], isCached ? 2 : 40)
      : []),
  ];
}

function work(number: number, text: string, weight: number, random: Random): Item[] {
  const isLong = text.startsWith('RUN') && weight > 20;
  const lines = Array.from({ length: isLong ? 9 : 0 }, (_, index) => {
    const seconds = (((index + random()) * weight) / 10).toFixed(3);
    const speed = `${between(random, 1, 14)}.${between(random, 0, 9)}`;
    return `#${number} ${seconds} Get:${index + 1} ${between(random, 40, 9_400)} kB [${speed} MB/s]`;
  });
  return [
    ...lines.map((line) => ({ text: line, weight: (weight * 0.9) / Math.max(1, lines.length) })),
    { text: `#${number} DONE ${(weight * (1 + random() * 0.2)).toFixed(1)}s`, weight: 0.1 },
    { text: '', weight: 0 },
  ];
}

/** The instructions of a build file that cost time, with the stage that they stand in. */
export function instructions(containerFile: string): Instruction[] {
  const joined = containerFile.replace(/\\\n\s*/g, '').split('\n');
  const found: Instruction[] = [];
  let stage = 'stage-0';
  let stages = 0;
  let step = 0;
  for (const line of joined) {
    const [, word = '', rest = ''] = /^(FROM|RUN|COPY|WORKDIR)\s+(.*)$/.exec(line) ?? [];
    if (word === 'FROM') {
      stage = /\sAS\s+(\S+)/i.exec(rest)?.[1] ?? `stage-${stages}`;
      stages += 1;
      step = 0;
    }
    if (word === '') continue;
    step += 1;
    found.push({ label: `[${stage} ${step}]`, text: `${word} ${rest}`, weight: weightOf(word, rest) });
  }
  return found;
}

function weightOf(word: string, rest: string): number {
  if (word !== 'RUN') return word === 'FROM' ? 6 : 1;
  if (/npm|uv sync/.test(rest)) return 130;
  return /apt-get|download/.test(rest) ? 70 : 20;
}

/** What `docker push` prints. */
export function dockerPush(random: Random): Item[] {
  const layers = Array.from({ length: 9 }, () => `${hex(random, 12)}: Pushed`);
  const digest = `digest: sha256:${hex(random, 64)} size: 2421`;
  return [
    { text: 'The push refers to repository', weight: 1 },
    ...layers.map((text) => ({ text, weight: 6 })),
    { text: digest, weight: 0.2 },
  ];
}
