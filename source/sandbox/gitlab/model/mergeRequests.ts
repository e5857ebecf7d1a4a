import type { User } from './runs.ts';

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly source: string;
  readonly target: string;
  readonly author: User;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  updatedAt: number;
  mergedAt?: number;
  mergedBy?: User;
  /** Of the commit on the target branch. */
  mergeCommit?: string;
  /** Who approved it. */
  readonly approvedBy: User[];
}

/** What somebody says who opens one. */
export type Proposal = Pick<MergeRequest, 'source' | 'target' | 'title' | 'description' | 'author'>;
