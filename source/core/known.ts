type Optional<T> = { [K in keyof T]: Extract<T[K], null | undefined> extends never ? never : K }[keyof T];

export type Known<T> = { [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  [K in Optional<T>]?: NonNullable<T[K]>;
};

/** The fields that have a value: what is undefined or null is left out. */
export function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Known<T>;
}
