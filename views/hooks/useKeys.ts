import { useLayoutEffect, useRef } from 'react';
import type { Bindings, Scope } from '../actions/action.ts';
import { useHost } from '../host.ts';
import type { Capture } from '../keys/keyboard.ts';

/** Binds actions of a scope while the component is on the screen and `isActive`. */
export function useActions(scope: Scope, bindings: Bindings, isActive = true): void {
  const { keyboard } = useHost();
  const layer = useRef<ReturnType<typeof keyboard.addLayer>>(undefined);
  useLayoutEffect(() => {
    if (!isActive) return;
    const added = keyboard.addLayer({ scope, bindings: {} });
    layer.current = added;
    return () => {
      layer.current = undefined;
      added.remove();
    };
  }, [keyboard, scope, isActive]);
  useLayoutEffect(() => layer.current?.update({ scope, bindings }));
}

/** Takes every key and all text while the component is on the screen and `isActive`. */
export function useCapture(capture: Capture, isActive = true): void {
  const { keyboard } = useHost();
  const entry = useRef<ReturnType<typeof keyboard.addCapture>>(undefined);
  useLayoutEffect(() => {
    if (!isActive) return;
    const added = keyboard.addCapture({ onKey: () => {} });
    entry.current = added;
    return () => {
      entry.current = undefined;
      added.remove();
    };
  }, [keyboard, isActive]);
  useLayoutEffect(() => entry.current?.update(capture));
}
