import type { HostState } from '../host/model.ts';
import type { Deployment } from './deployment.ts';
import type { PlaceSurvey, TargetSurvey } from './survey.ts';

/** One line of what was looked at before a plan. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly state: 'fine' | 'warning' | 'problem' | 'unknown';
  readonly saw: string;
  readonly fix?: string;
}

/** What a check looks at. */
export interface Checked {
  readonly deployment: Deployment;
  readonly host: HostState;
  readonly place: PlaceSurvey;
  readonly target: TargetSurvey;
  /** Who owns the data on the host. */
  readonly owner: string;
  /** Ours that is there already: its ports and its folder are its own. */
  readonly isOurs: boolean;
  /** True when this machine is not the host. */
  readonly isAway: boolean;
}
