import type { Host } from '../host.ts';

type Settings = Readonly<Record<string, string>>;

/** The size to give the cache; undefined when none is given. */
export async function askSize({ ask }: Pick<Host, 'ask'>): Promise<Settings | undefined> {
  const size = await ask.text({
    title: 'Resize bazel-remote',
    lines: ['The most that it may hold, in GiB.'],
  });
  return size === undefined || size.trim() === '' ? undefined : { size: size.trim() };
}

/** What becomes of the data; the plan is made only when their folder or volume is typed. */
export async function askData({ ask }: Pick<Host, 'ask'>): Promise<Settings | undefined> {
  const data = await ask.choice({
    title: 'Remove bazel-remote',
    lines: ['What becomes of the data that it holds?'],
    options: [
      { value: 'keep', label: 'Keep them: a cache that is deployed there again has them' },
      { value: 'remove', label: 'Remove them too: they do not come back' },
    ],
  });
  if (data !== 'remove') return data === undefined ? undefined : { data };
  const typed = await ask.text({
    title: 'Remove the data too',
    lines: ['They do not come back. Type the folder or volume that holds them, as it was deployed.'],
  });
  return typed === undefined ? undefined : { data, 'confirm-data': typed.trim() };
}
