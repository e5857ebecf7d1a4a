import type { Change } from './changes.ts';
import type { ImageJob } from './imageJob.ts';
import type { LayerSettings } from './layerOption.ts';
import type { Step } from './step.ts';

/** Of the context, and of the builder that is kept. */
const layers = 'layers';

/** The `docker` driver cannot export a cache; a builder of the driver `docker-container` can. */
export function builderLines(
  { steps, daemon }: Pick<ImageJob, 'steps' | 'daemon'>,
  { images }: LayerSettings,
): { readonly inserted: readonly string[]; readonly changes: readonly Change[] } {
  const pin = `--driver-opt image=${images.buildkit}`;
  const made = steps.find(isCreate);
  const isPinned = made?.command.words.some(({ text }) => /\bimage=/.test(text));
  const isOther = made?.command.words
    .slice(3)
    .some(({ text }) => /^(?:--driver=)?(?:kubernetes|remote|docker)$/.test(text));
  const last = made?.command.words.at(-1);
  if (made && (isPinned || isOther || !last)) return { inserted: [], changes: [] };
  if (made && last)
    return { inserted: [], changes: [{ item: made.item, start: last.end, end: last.end, text: ` ${pin}` }] };
  const create = (name: string, context = ''): string =>
    `docker buildx create ${name}--use --driver docker-container ${pin}${context}`;
  // On an engine that outlives the job, a builder without a name would stay behind each time.
  const once = (name: string, context?: string): string =>
    `${create(`--name ${name} `, context)} || docker buildx use ${name}`;
  const isMachine = daemon.kind === 'machine';
  if (!daemon.hasTls) return { inserted: [isMachine ? once(layers) : create('')], changes: [] };
  // buildx does not take an engine with TLS from the environment: it must be a context.
  const context = `docker context create ${layers}`;
  return {
    inserted: isMachine
      ? [
          `docker context inspect ${layers} > /dev/null 2>&1 || ${context}`,
          once(`${layers}-builder`, ` ${layers}`),
        ]
      : [context, create('', ` ${layers}`)],
    changes: [],
  };
}

export function isCreate({ kind, command }: Step): boolean {
  return kind === 'builder' && command.words[1]?.text === 'buildx' && command.words[2]?.text === 'create';
}
