import type { CacheRow } from './caches/row.ts';
import type { Datum } from './datum.ts';
import { partValue } from './datum.ts';
import type { Evidence, Rung, Subject } from './evidence.ts';
import type { Runner, TokenInfo } from './gitlab/model.ts';
import type { HostState } from './host/model.ts';
import type { Observations } from './observations.ts';
import type { TaskRow } from './plan/row.ts';
import type { SigningRow } from './signing/row.ts';
import { bytes, latency } from './text/format.ts';
import type { VariableRow } from './variables/row.ts';

export interface SubjectSources {
  readonly caches: readonly CacheRow[];
  readonly variableRows: readonly VariableRow[];
  readonly signing: readonly SigningRow[];
  readonly tasks: readonly TaskRow[];
}

/** Everything that stands on a rung: GitLab, the host, runners, caches, wanted variables, signing, tasks. */
export function subjectsOf(seen: Observations, sources: SubjectSources, now: string): Subject[] {
  return [
    ...gitlabSubjects(seen, now),
    hostSubject(seen.honey, now),
    ...(seen.runners.value?.runners ?? []).map((runner) => runnerSubject(runner, timeOf(seen.runners, now))),
    ...sources.caches.map(({ id, name, rung, evidence, findings }) => ({
      id,
      title: name,
      rung,
      evidence,
      findings,
    })),
    ...sources.variableRows
      .filter(({ required, usedBy }) => required !== undefined || usedBy.length > 0)
      .map(({ id, key, rung, evidence, findings }) => ({ id, title: key, rung, evidence, findings })),
    ...sources.signing.map(({ kind: _, ...subject }) => subject),
    ...sources.tasks.map(({ number, name, title, rung, evidence, findings }) => ({
      id: `task/${name}`,
      title: `Task ${number}: ${title}`,
      rung,
      evidence,
      findings,
    })),
  ];
}

function timeOf({ fetchedAt }: Datum<unknown>, now: string): string {
  return fetchedAt === undefined ? now : new Date(fetchedAt).toISOString();
}

function gitlabSubjects(
  { project, token, pipelines, checkout, facts }: Observations,
  now: string,
): Subject[] {
  const ofFiles: Subject = {
    id: 'checkout',
    title: 'Checkout',
    rung: facts?.configuration
      ? facts.configuration.errors.length > 0
        ? 'present'
        : 'valid'
      : checkout.value
        ? 'present'
        : rungOf(checkout),
    evidence: evidenceOf(
      checkout,
      now,
      'git',
      ({ root, branch, commit, dirty }) =>
        `${root}${branch === undefined ? '' : ` on ${branch}`}${commit === undefined ? '' : ` at ${commit.slice(0, 8)}`}${dirty ? ', with changes' : ''}`,
    ),
    findings: (facts?.checks ?? []).map(({ id }) => id),
  };
  const [newest] = pipelines.value ?? [];
  return [
    ofFiles,
    {
      id: 'gitlab/project',
      title: 'GitLab project',
      rung: project.value ? (newest ? 'proven' : 'reachable') : rungOf(project),
      evidence: [
        ...(newest
          ? [
              {
                at: timeOf(pipelines, now),
                source: 'pipelines',
                saw: `newest is ${newest.status} on ${newest.ref}`,
              },
            ]
          : []),
        ...evidenceOf(project, now, 'GET /projects/:id', ({ path, webUrl }) => `${path} at ${webUrl}`),
      ],
      findings: [],
    },
    {
      id: 'gitlab/token',
      title: 'GitLab token',
      rung: token.value ? 'reachable' : rungOf(token),
      evidence: evidenceOf(token, now, 'the token’s own description', tokenText),
      findings: [],
    },
  ];
}

function tokenText({ kind, name, scopes, expiresAt }: TokenInfo): string {
  return [
    kind === 'unknown' ? 'a token' : `a ${kind} token`,
    name,
    scopes && scopes.length > 0 ? `scopes ${scopes.join(', ')}` : undefined,
    expiresAt === undefined ? undefined : `expires ${expiresAt}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function hostSubject(honey: Datum<HostState>, now: string): Subject {
  return {
    id: 'host/honey',
    title: 'honey',
    rung: honey.value ? (partValue(honey.value.kernel) ? 'proven' : 'reachable') : rungOf(honey),
    evidence: evidenceOf(honey, now, 'ssh', (host) => hostText(host)),
    findings: [],
  };
}

function hostText({ address, local, kernel, load, disks, latency: seconds }: HostState): string {
  const [disk] = partValue(disks) ?? [];
  const loaded = partValue(load);
  const system = partValue(kernel);
  return [
    local ? 'this machine' : address,
    system ? `${system.system} ${system.release}` : undefined,
    loaded ? `load ${loaded.one} on ${loaded.cpus} CPUs` : undefined,
    disk ? `${bytes(disk.available)} free at ${disk.path}` : undefined,
    seconds === undefined ? undefined : `connected in ${latency(seconds)}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

function runnerSubject({ id, description, status, paused, tags, runUntagged }: Runner, at: string): Subject {
  const isUsable = status === 'online' && !paused;
  const takes = tags === undefined ? 'tags unknown' : tags.length > 0 ? `tags ${tags.join(', ')}` : 'no tags';
  return {
    id: `runner/${id}`,
    title: `Runner ${description}`,
    rung: isUsable ? 'reachable' : status === 'unknown' ? 'unknown' : 'present',
    evidence: [
      {
        at,
        source: 'GitLab’s runners',
        saw: `${paused ? 'paused' : status}, ${takes}${runUntagged ? ', takes untagged jobs' : ''}`,
      },
    ],
    findings: [],
  };
}

/** Without a value: absent when there is nothing to look at, unknown when it could not be looked at. */
function rungOf({ state }: Datum<unknown>): Rung {
  return state === 'off' ? 'absent' : 'unknown';
}

function evidenceOf<T>(datum: Datum<T>, now: string, source: string, saw: (value: T) => string): Evidence[] {
  const evidence: Evidence[] = [];
  if (datum.failure) evidence.push({ at: now, source: datum.failure.tried, saw: datum.failure.saw });
  if (datum.value !== undefined) evidence.push({ at: timeOf(datum, now), source, saw: saw(datum.value) });
  if (datum.off !== undefined) evidence.push({ at: now, source: 'configuration', saw: datum.off });
  return evidence;
}
