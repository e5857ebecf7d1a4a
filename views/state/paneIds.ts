/** The panes of the dashboard, in the order of their numbers. */
export const paneIds = ['plan', 'caches', 'variables', 'signing', 'pipeline'] as const;

export type PaneId = (typeof paneIds)[number];

/** Names of the panes, as in their borders. */
export const paneTitles: Readonly<Record<PaneId, string>> = {
  plan: 'Plan',
  caches: 'Caches',
  variables: 'Variables',
  signing: 'Signing',
  pipeline: 'Pipeline',
};
