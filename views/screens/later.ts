import { createLater } from '../state/later.ts';

/** The screens over the dashboard: with all that tasks, logs and comparisons need they are larger than the rest of the program. */
export const laterScreens = createLater(() => import('./screen.tsx'));
