import type { FlagValue } from './flags.ts';

/** One way to write a reference: `image` is `image:latest`, and `${NAME}` is `$NAME` where nothing follows that would be a part of it. */
export function imageName({ text }: Pick<FlagValue, 'text'>): string {
  const bare = text.replace(/\$\{(\w+)\}(?!\w)/g, '$$$1');
  return /[:@][^/]*$/.test(bare) || /\$\{?\w+\}?$/.test(bare) ? bare : `${bare}:latest`;
}
