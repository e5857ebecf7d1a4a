import { stringify } from 'yaml';
import { actionEntry, blobEntry } from './entries.ts';

export interface JobCheck {
  /** `http://host:port`. */
  readonly http: string;
  /** Of the checkout, for a server that no machine trusts by itself. */
  readonly certificate?: string;
  /** Whether everybody may write: then the job stores what it reads. */
  readonly mayWrite: boolean;
}

/** A configuration with one job that asks the cache from where builds run: that it answers, stores, and gives back. */
export function jobCheckYaml({ http, certificate, mayWrite }: JobCheck): string {
  const curl = `curl --fail --silent --show-error --max-time 20${certificate === undefined ? '' : ` --cacert ${certificate}`}`;
  const store = [blobEntry, actionEntry].map(({ path, headers, body }) => {
    const given = Object.entries(headers).map(([name, value]) => ` --header '${name}: ${value}'`);
    const printed = body.endsWith('\n') ? `printf '%s\\n' '${body.slice(0, -1)}'` : `printf %s '${body}'`;
    return `${printed} | ${curl} --request PUT${given.join('')} --data-binary @- "$CACHE${path}"`;
  });
  const script = [`${curl} "$CACHE/status"`, ...(mayWrite ? store : []), `${curl} "$CACHE${blobEntry.path}"`];
  return stringify(
    {
      'bazel-remote-check': {
        image: { name: 'docker.io/curlimages/curl:8.10.1', entrypoint: [''] },
        variables: { CACHE: http, GIT_DEPTH: '1' },
        script,
      },
    },
    { lineWidth: 0 },
  );
}
