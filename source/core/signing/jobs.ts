import type { PipelineJob, PipelineSummary } from '../gitlab/model.ts';
import type { SigningVerdict } from './log.ts';

/** The last run of a job that signs or notarizes, on one ref. */
export interface SigningJob {
  readonly job: PipelineJob;
  readonly pipeline: PipelineSummary;
  /** What its log says; absent when it was not read or says nothing known. */
  readonly verdict?: SigningVerdict | 'accepted';
}

/** Whether a job signs or notarizes, by its name. */
export function isSigningJob(name: string): boolean {
  return /\b(?:code-?)?sign(?:ing)?\b|notari[sz]/i.test(name.replaceAll('_', '-'));
}
