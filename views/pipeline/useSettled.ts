import { useEffect, useState } from 'react';

/** The value as it was when it last stood still for so many milliseconds: what is costly need not follow every key. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (Object.is(settled, value)) return;
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [settled, value, milliseconds]);
  return settled;
}
