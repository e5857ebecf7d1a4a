import type { Configuration, Profile } from './shape.ts';

/** Where one option may be given. */
export interface OptionRow {
  /** On the command line; absent when there is no flag. */
  readonly flag?: string;
  readonly variable: string;
  /** In a profile of the configuration file, and how it is named there. */
  readonly key?: string;
  readonly ofProfile?: (profile: Profile) => string | undefined;
  /** At the top of the configuration file. */
  readonly ofFile?: (configuration: Configuration) => string | undefined;
}

export type OptionName =
  | 'profile'
  | 'dir'
  | 'host'
  | 'project'
  | 'attic'
  | 'atticCache'
  | 'bazelRemote'
  | 'bazelRemoteGrpc'
  | 'honey'
  | 'caFile'
  | 'priceMinute'
  | 'priceGb'
  | 'theme'
  | 'ascii';

/** All options that have a place besides the command line; `--help` and the doctor say these places. */
export const optionTable: Readonly<Record<OptionName, OptionRow>> = {
  profile: { flag: '--profile', variable: 'HUSKYCAT_PROFILE', key: 'profile' },
  dir: { flag: '--dir', variable: 'HUSKYCAT_DIR', key: 'checkout', ofProfile: (one) => one.checkout },
  host: { flag: '--host', variable: 'HUSKYCAT_HOST', key: 'host', ofProfile: (one) => one.host },
  project: {
    flag: '--project',
    variable: 'HUSKYCAT_PROJECT',
    key: 'project',
    ofProfile: (one) => one.project,
  },
  attic: {
    flag: '--attic',
    variable: 'HUSKYCAT_ATTIC',
    key: 'attic.url',
    ofProfile: (one) => one.attic?.url,
  },
  atticCache: {
    variable: 'HUSKYCAT_ATTIC_CACHE',
    key: 'attic.cache',
    ofProfile: (one) => one.attic?.cache,
  },
  bazelRemote: {
    flag: '--bazel-remote',
    variable: 'HUSKYCAT_BAZEL_REMOTE',
    key: 'bazelRemote.http',
    ofProfile: (one) => one.bazelRemote?.http,
  },
  bazelRemoteGrpc: {
    variable: 'HUSKYCAT_BAZEL_REMOTE_GRPC',
    key: 'bazelRemote.grpc',
    ofProfile: (one) => one.bazelRemote?.grpc,
  },
  honey: {
    flag: '--honey',
    variable: 'HUSKYCAT_HONEY',
    key: 'honey.destination',
    ofProfile: (one) => one.honey?.destination,
  },
  caFile: {
    flag: '--ca-file',
    variable: 'HUSKYCAT_CA_FILE',
    key: 'caFile',
    ofProfile: (one) => one.caFile,
  },
  priceMinute: {
    flag: '--price-minute',
    variable: 'HUSKYCAT_PRICE_MINUTE',
    key: 'prices.minute',
    ofProfile: (one) => one.prices?.minute?.toString(),
  },
  priceGb: {
    flag: '--price-gb',
    variable: 'HUSKYCAT_PRICE_GB',
    key: 'prices.gigabyte',
    ofProfile: (one) => one.prices?.gigabyte?.toString(),
  },
  theme: {
    flag: '--theme',
    variable: 'HUSKYCAT_THEME',
    key: 'theme',
    ofProfile: (one) => one.theme,
    ofFile: (file) => file.theme,
  },
  ascii: {
    flag: '--ascii',
    variable: 'HUSKYCAT_ASCII',
    key: 'ascii',
    ofFile: (file) => (file.ascii === undefined ? undefined : String(file.ascii)),
  },
};
