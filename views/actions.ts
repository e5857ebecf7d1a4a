import type { Action } from './actions/action.ts';
import { dashboardActions } from './actions/dashboard.ts';
import { globalActions } from './actions/global.ts';
import { listActions } from './actions/list.ts';
import { screenActions } from './actions/screen.ts';
import { cachesActions } from './caches/actions.ts';
import { logActions } from './log/actions.ts';
import { pipelineActions } from './pipeline/actions.ts';
import { speedActions } from './speed/actions.ts';
import { taskActions } from './tasks/actions.ts';
import { verifyActions } from './verify/actions.ts';

/** Everything that a user can do on the screen. The order is that of help and of the README. */
export const actions: readonly Action[] = [
  ...globalActions,
  ...dashboardActions,
  ...listActions,
  ...screenActions,
  ...taskActions,
  ...speedActions,
  ...verifyActions,
  ...cachesActions,
  ...pipelineActions,
  ...logActions,
];
