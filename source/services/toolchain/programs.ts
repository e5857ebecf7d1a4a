/** How a program tells its version without a server, a daemon, a download or an update check. */
export interface Program {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** `bazel version` would start a server, `docker version` asks the daemon, `tailscale version` is the client's own. */
export const programs: readonly Program[] = [
  { name: 'nix', arguments: ['--version'] },
  { name: 'bazel', arguments: ['--version'] },
  { name: 'docker', arguments: ['--version'] },
  { name: 'podman', arguments: ['--version'] },
  { name: 'kubectl', arguments: ['version', '--client'] },
  { name: 'attic', arguments: ['--version'] },
  {
    name: 'glab',
    arguments: ['--version'],
    environment: { GLAB_CHECK_UPDATE: 'false', GLAB_SEND_TELEMETRY: 'false' },
  },
  { name: 'git', arguments: ['--version'] },
  { name: 'ssh', arguments: ['-V'] },
  { name: 'tailscale', arguments: ['version'] },
];

/** Nobody listens on the discard port: what would phone home (bazelisk looks for releases) fails at once instead. */
const nowhere = 'http://127.0.0.1:9';

export const offline: Readonly<Record<string, string>> = {
  HTTP_PROXY: nowhere,
  HTTPS_PROXY: nowhere,
  ALL_PROXY: nowhere,
  http_proxy: nowhere,
  https_proxy: nowhere,
  all_proxy: nowhere,
  NO_PROXY: '',
  no_proxy: '',
};
