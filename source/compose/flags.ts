/** Flags that every command understands, as commander gives them. */
export interface CommonFlags {
  readonly dir?: string;
  readonly project?: string;
  readonly host?: string;
  readonly attic?: string;
  readonly bazelRemote?: string;
  readonly honey?: string;
  /** A PEM file of authorities to trust. */
  readonly caFile?: string;
  readonly profile?: string;
  readonly tokenFile?: string;
  readonly priceMinute?: string;
  readonly priceGb?: string;
  readonly theme?: string;
  readonly ascii?: boolean;
  readonly sandbox?: boolean;
  readonly readOnly?: boolean;
  readonly json?: boolean;
}
