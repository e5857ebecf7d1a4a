import { compareFindings, type Finding } from '../../evidence.ts';
import { needOnChanges } from './absent.ts';
import { coldCache } from './cache.ts';
import { waitsForMore } from './changedWaits.ts';
import { constantsDiffer, privateForEveryone } from './constants.ts';
import { creation } from './creation.ts';
import { environmentPrinted } from './environment.ts';
import { unusedFile } from './files.ts';
import { lostArtifact, lostDotenv } from './flow.ts';
import { failureIgnored, gateMayFail, silentSkip } from './gates.ts';
import { imageNeverPushed, layersNeverPushed } from './imageFlow.ts';
import { archivedKaniko, dindWithoutTls, unpinnedImage } from './images.ts';
import { droppedDependencies, needOnManual } from './needs.ts';
import { neverRuns, noTestJob } from './never.ts';
import { bashInSh } from './posix.ts';
import type { CheckInput, Found, Rule } from './rule.ts';
import { noRunner } from './runners.ts';
import { secretInArguments, secretInImage, secretInProcessList } from './secretArguments.ts';
import { secretEchoed } from './secrets.ts';
import { servicePort } from './services.ts';
import { badSubstitution, defaultInVariables, lostInAfterScript } from './shell.ts';
import {
  artifactsExpire,
  cacheIgnoresLock,
  cacheMixesBranches,
  failurePublished,
  fallbackProtected,
} from './stores.ts';
import { emptyPattern, variableSetNowhere } from './variables.ts';
import { delayHolds, heldBack, manualHolds } from './waits.ts';

/** Every check of the CI configuration, in the order of its documentation. */
export const rules: readonly Rule[] = [
  creation,
  droppedDependencies,
  lostDotenv,
  lostArtifact,
  needOnManual,
  needOnChanges,
  neverRuns,
  noTestJob,
  heldBack,
  delayHolds,
  manualHolds,
  waitsForMore,
  unusedFile,
  badSubstitution,
  bashInSh,
  defaultInVariables,
  lostInAfterScript,
  secretInArguments,
  secretInProcessList,
  secretInImage,
  secretEchoed,
  environmentPrinted,
  emptyPattern,
  variableSetNowhere,
  failureIgnored,
  silentSkip,
  gateMayFail,
  coldCache,
  cacheMixesBranches,
  cacheIgnoresLock,
  fallbackProtected,
  artifactsExpire,
  failurePublished,
  noRunner,
  imageNeverPushed,
  layersNeverPushed,
  unpinnedImage,
  archivedKaniko,
  dindWithoutTls,
  servicePort,
  constantsDiffer,
  privateForEveryone,
];

/** Runs every rule; findings that a comment suppresses (`# huskycat: ignore RULE reason`, on the line or above) are left out. */
export function checkConfiguration(input: CheckInput): Finding[] {
  const ignored = suppressions(input);
  const found = rules.flatMap((rule) =>
    [...rule.check(input)]
      .filter(({ at }) => !ignored(at.file, at.line, rule.id))
      .map((one) => finding(rule, one)),
  );
  return [...new Map(found.map((one) => [one.id, one])).values()].sort(compareFindings);
}

function finding({ id, severity, why, fix }: Rule, { at, title, saw, severity: own }: Found): Finding {
  const { file, line, column } = at;
  return {
    id: `${id}:${file}:${line}:${title}`,
    rule: id,
    severity: own ?? severity,
    title,
    where: { file, line, column },
    saw,
    why,
    fix,
  };
}

function suppressions({ files }: CheckInput): (file: string, line: number, rule: string) => boolean {
  const lines = new Map<string, readonly string[]>();
  return (file, line, rule) => {
    let text = lines.get(file);
    if (!text) {
      text = (files.read(file) ?? '').split('\n');
      lines.set(file, text);
    }
    const near = [text[line - 1], text[line - 2]];
    return near.some(
      (one) => one !== undefined && new RegExp(`#\\s*huskycat:\\s*ignore\\s+${rule}\\b`).test(one),
    );
  };
}
