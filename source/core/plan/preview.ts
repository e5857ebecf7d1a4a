import { createTwoFilesPatch } from 'diff';
import { shellQuote } from '../shell/quote.ts';
import { duration } from '../text/format.ts';
import type { Action, Command, Given, RunCommand } from './action.ts';
import type { Preview } from './plan.ts';

/** What files hold before a step, by path; a file that is not there is absent. */
export type Originals = ReadonlyMap<string, string>;

/** What an action will do, exactly: computed from the action alone and, for files, from what is in them now. */
export function previewOf(action: Action, originals: Originals = new Map()): Preview {
  switch (action.kind) {
    case 'edit-file':
      return { diff: diffOf(action.path, originals.get(action.path), action.text) };
    case 'command':
      return commandPreview(action);
    case 'wait':
      return { text: `Look until it is ready, for ${duration(action.timeout)} at most.` };
    case 'commit':
      return {
        request: `POST ${projectAddress(action)}/repository/commits`,
        body: [
          `branch ${action.branch} from ${action.base} of ${action.onto}`,
          action.message,
          ...action.files.map(({ path, text }) => diffOf(path, originals.get(path), text)),
        ].join('\n\n'),
      };
    case 'open-merge-request':
      return {
        request: `POST ${projectAddress(action)}/merge_requests`,
        body: [`${action.branch} → ${action.onto}`, action.title, action.description].join('\n\n'),
      };
    case 'close-trial':
      return {
        request: `DELETE ${projectAddress(action)}/repository/branches/${encodeURIComponent(action.branch)}`,
        body: `branch ${action.branch} and what GitLab runs for it, unless it has other commits than "${action.message.split('\n')[0] ?? ''}"`,
      };
    case 'run-pipeline':
      return {
        request: `POST ${projectAddress(action)}/pipeline`,
        body: `ref ${action.branch}, unless GitLab has started ${action.count === 1 ? 'one' : `${action.count}`} for it`,
      };
  }
}

/** A unified diff, as `git apply` takes it; `before` is undefined for a new file. */
function diffOf(path: string, before: string | undefined, after: string): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  return createTwoFilesPatch(from, `b/${path}`, before ?? '', after).replace(/^=+\n/, '');
}

function commandPreview({ argv, where, address, input, environment = {}, ...more }: RunCommand): Preview {
  const given = [
    ...Object.entries(environment).map(([name, value]) => `${name}=${shown(value)}`),
    ...(input ? [shown(input)] : []),
  ];
  const notes = [
    ...(more.unless ? [`unless ${shellQuote(more.unless)}`] : []),
    ...(more.cleanup ?? []).map((one) => `when it fails: ${commandText(one)}`),
    ...(more.undo ?? []).map((one) => `to undo: ${commandText(one)}`),
  ];
  return {
    command: argv,
    host: where === 'here' ? 'this machine' : (address ?? 'honey'),
    ...(given.length > 0 ? { input: given.join('\n') } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** A command as one line to copy; what it reads follows it. */
export function commandText({ argv, input }: Command): string {
  return `${shellQuote(argv)}${input ? ` < ${shown(input)}` : ''}`;
}

function projectAddress({ server, project }: { server: string; project: string }): string {
  return `${server}/api/v4/projects/${encodeURIComponent(project)}`;
}

function shown(given: Given): string {
  return 'text' in given ? given.text : `[the secret ${given.secret}]`;
}
