import { createLater } from '../state/later.ts';

/** The pipeline over the whole screen: its detail reads configurations, with all that YAML and rules need. */
export const laterPipelineScreen = createLater(() => import('./screen.tsx'));
