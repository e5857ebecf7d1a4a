import { type Command, Option } from 'commander';

/** Options that say what is looked at, on every command that looks at more than files. */
export function withTarget(command: Command): Command {
  return command
    .option('--sandbox', 'against the embedded world')
    .option('--dir <path>', 'the HuskyCat checkout (HUSKYCAT_DIR)')
    .option('--project <group/name>', 'the GitLab project (HUSKYCAT_PROJECT)')
    .option('--host <address>', 'the GitLab server, also with scheme, port and path (HUSKYCAT_HOST)')
    .option('--attic <url>', 'the Attic cache (HUSKYCAT_ATTIC)')
    .option('--bazel-remote <url>', 'the bazel-remote server (HUSKYCAT_BAZEL_REMOTE)')
    .option('--honey <destination>', 'the runner’s host, as ssh takes it (HUSKYCAT_HONEY)')
    .option(
      '--ca-file <path>',
      'PEM certificates of authorities to trust beside the usual ones (HUSKYCAT_CA_FILE)',
    )
    .option('--profile <name>', 'a profile of the configuration file (HUSKYCAT_PROFILE)')
    .option('--token-file <path>', 'a file that holds the GitLab token, or - for standard input');
}

/** Options of the screen. */
export function withScreen(command: Command): Command {
  return command
    .option('--read-only', 'writes cannot be armed')
    .addOption(new Option('--theme <theme>', 'colours (HUSKYCAT_THEME)').choices(['auto', 'light', 'dark']))
    .option('--ascii', 'no characters beyond ASCII (HUSKYCAT_ASCII)');
}

export function withJson(command: Command): Command {
  return command.option('--json', 'one JSON object instead of text');
}
