import { deriveCaches, deriveSigning, deriveVariables } from '../core/derive.ts';
import { compareFindings, type Finding } from '../core/evidence.ts';
import type { Observations } from '../core/observations.ts';
import { runnerFindings, tokenFindings } from '../core/runners.ts';
import { subjectsOf } from '../core/subjects.ts';
import { probeTasks } from '../tasks/catalog.ts';
import { memo, memoBy } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

const none: readonly Finding[] = [];

type Rows = Pick<Snapshot, 'caches' | 'variableRows' | 'signing'>;
type Derived = Pick<Snapshot, 'subjects' | 'findings' | 'caches' | 'variableRows' | 'signing' | 'tasks'>;

/** Derives all that a snapshot shows, and keeps what did not change: a part is computed again only when its inputs are new. */
export function createDerivation(now: () => number): (seen: Observations) => Derived {
  const iso = (): string => new Date(now()).toISOString();
  const caches = memo(
    (
      facts: Observations['facts'],
      attic: Observations['attic'],
      bazelRemote: Observations['bazelRemote'],
      hitRate: Observations['hitRate'],
    ) =>
      deriveCaches(
        { attic, bazelRemote, ...(facts ? { facts } : {}), ...(hitRate === undefined ? {} : { hitRate }) },
        iso(),
      ),
  );
  const variables = memo(
    (
      facts: Observations['facts'],
      listing: Observations['variables'],
      protections: Observations['protections'],
      project: Observations['project'],
    ) => deriveVariables({ variables: listing, protections, project, ...(facts ? { facts } : {}) }, iso()),
  );
  const signing = memo((rows: ReturnType<typeof variables>['rows'], jobs: Observations['signingJobs']) =>
    deriveSigning(rows, { signingJobs: jobs }, iso()),
  );
  const ofRunners = memo((runners: Observations['runners'], facts: Observations['facts']) =>
    runnerFindings(runners.value?.runners, facts),
  );
  const ofToken = memo((token: Observations['token']) => tokenFindings(token.value, now()));
  const all = memo((...lists: readonly (readonly Finding[])[]) =>
    [...new Map(lists.flat().map((finding) => [finding.id, finding])).values()].sort(compareFindings),
  );
  /** Once GitLab's variables are known, they tell what is set nowhere. */
  const ofFiles = memo((checks: readonly Finding[], isKnown: boolean) =>
    isKnown ? checks.filter(({ rule }) => rule !== 'variable-set-nowhere') : checks,
  );
  const last = memoBy((seen: Observations, rows: Rows, findings: readonly Finding[]) => {
    const tasks = probeTasks({ ...seen, ...rows, findings, now: iso() });
    return { tasks, subjects: subjectsOf(seen, { ...rows, tasks }, iso()) };
  });
  return (seen) => {
    const { facts } = seen;
    const cache = caches(facts, seen.attic, seen.bazelRemote, seen.hitRate);
    const variable = variables(facts, seen.variables, seen.protections, seen.project);
    const signed = signing(variable.rows, seen.signingJobs);
    const findings = all(
      ofFiles(facts?.checks ?? none, seen.variables.value?.unreadable.length === 0),
      cache.findings,
      variable.findings,
      signed.findings,
      ofRunners(seen.runners, facts),
      ofToken(seen.token),
    );
    const rows = { caches: cache.rows, variableRows: variable.rows, signing: signed.rows };
    const { tasks, subjects } = last(
      [findings, ...Object.values(seen), ...Object.values(rows)],
      seen,
      rows,
      findings,
    );
    return { ...rows, findings, tasks, subjects };
  };
}
