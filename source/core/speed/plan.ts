import type { PipelineKind, Range, RowId } from './model.ts';

/** A row of the plan's "Expected Performance Improvements", as it was written. Seconds, or downloads a week. */
export interface PlannedRow {
  readonly id: RowId;
  readonly title: string;
  readonly unit: 'seconds' | 'per-week';
  readonly baseline: Range;
  readonly expectation: Range & { readonly ratio: Range };
  /** The pipelines that it is about; absent where it is about single jobs. */
  readonly kind?: PipelineKind;
}

const minute = 60;

export const plannedRows: readonly PlannedRow[] = [
  {
    id: 'clean-build',
    title: 'Clean build',
    unit: 'seconds',
    baseline: { low: 30 * minute, high: 30 * minute },
    expectation: { low: 8 * minute, high: 10 * minute, ratio: { low: 3, high: 4 } },
    kind: 'clean',
  },
  {
    id: 'python-change',
    title: 'Python change',
    unit: 'seconds',
    baseline: { low: 15 * minute, high: 15 * minute },
    expectation: { low: 2 * minute, high: 3 * minute, ratio: { low: 5, high: 7 } },
    kind: 'python',
  },
  {
    id: 'docs-only',
    title: 'Docs only',
    unit: 'seconds',
    // The plan names no baseline of its own; its "15-30x" is counted from the incremental one.
    baseline: { low: 15 * minute, high: 15 * minute },
    expectation: { low: 30, high: minute, ratio: { low: 15, high: 30 } },
    kind: 'docs',
  },
  {
    id: 'container-rebuild',
    title: 'Container rebuild',
    unit: 'seconds',
    baseline: { low: 25 * minute, high: 30 * minute },
    expectation: { low: 2 * minute, high: 3 * minute, ratio: { low: 8, high: 12 } },
  },
  {
    id: 'tool-downloads',
    title: 'Tool downloads',
    unit: 'per-week',
    baseline: { low: 7, high: 7 },
    expectation: { low: 1, high: 1, ratio: { low: 7, high: 7 } },
  },
];

/** The plan's "Cost Analysis": claims, none of them measured. */
export const plannedCosts = {
  attic: '$0 (existing infrastructure)',
  disk: '$0 (runner storage)',
  bazelRemote: '~$0-20/mo (honey runner storage)',
  total: '<$20/mo (vs $30-50/mo for Cachix Pro)',
} as const;
