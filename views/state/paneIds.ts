/** The panes of the dashboard, in the order of their numbers. */
export const paneIds = ['plan', 'caches', 'variables', 'signing', 'pipeline'] as const;

export type PaneId = (typeof paneIds)[number];
