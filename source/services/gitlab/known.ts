type Optional<T> = { [K in keyof T]: Extract<T[K], null | undefined> extends never ? never : K }[keyof T];

export type Known<T> = { [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  [K in Optional<T>]?: NonNullable<T[K]>;
};

/** The fields that have a value: what GitLab leaves out, and what it sends as null, are absent alike. */
export function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Known<T>;
}
