/** A function that is computed again only when one of its inputs is another value. */
export function memo<I extends readonly unknown[], O>(compute: (...inputs: I) => O): (...inputs: I) => O {
  let last: { inputs: I; output: O } | undefined;
  return (...inputs) => {
    if (last && inputs.every((input, index) => Object.is(input, last?.inputs[index]))) return last.output;
    last = { inputs, output: compute(...inputs) };
    return last.output;
  };
}

/** As `memo`, for arguments that are made anew each time: `keys` say whether anything changed. */
export function memoBy<A extends readonly unknown[], O>(
  compute: (...args: A) => O,
): (keys: readonly unknown[], ...args: A) => O {
  let last: { keys: readonly unknown[]; output: O } | undefined;
  return (keys, ...args) => {
    const isSame =
      last?.keys.length === keys.length && keys.every((key, index) => Object.is(key, last?.keys[index]));
    if (last && isSame) return last.output;
    last = { keys, output: compute(...args) };
    return last.output;
  };
}
