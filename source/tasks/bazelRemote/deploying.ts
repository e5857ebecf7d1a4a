import type { Deployment } from '../../core/bazelRemote/deployment.ts';
import type { UnitScope } from '../../core/bazelRemote/units.ts';
import type { Where } from '../../core/plan/action.ts';
import type { ChosenClient } from './chooseClient.ts';

/** All that is chosen: what the user set, and for the rest what is there, what was planned, or what fits. */
export interface Deploying extends ChosenClient {
  readonly where: Where;
  readonly address?: string;
  readonly deployment: Deployment;
  /** What comes before a command to run it as root: nothing for root, `sudo -n`; absent when neither is possible. */
  readonly root?: readonly string[];
  /** Who owns the data on the host: `65532:65532`. */
  readonly owner: string;
  /** Of the file of logins. */
  readonly login: string;
  readonly endpoint: string;
  /** Whose systemd would run it. */
  readonly scope: UnitScope;
  /** Who logs in: the user, and the folder that is theirs. */
  readonly uid: number;
  readonly home: string;
  /** Whether a container of the name that was not made here is replaced. */
  readonly isAdopted: boolean;
  /** The engine's path on the host. */
  readonly program: string;
}
