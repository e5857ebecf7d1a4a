import type { Action, Bindings, Scope } from '../actions/action.ts';
import { scopes } from '../actions/action.ts';
import type { Stroke } from './stroke.ts';

/** An entry of the focus stack. */
export interface Layer {
  readonly scope: Scope;
  readonly bindings: Bindings;
}

/** Takes every key while it is there: a dialog, a prompt, the palette. Innermost is the newest. */
export interface Capture {
  /** A key; with `onText` only those that type nothing. A key that it does not use is dropped, never handed on. */
  readonly onKey: (stroke: Stroke) => void;
  /** Text that was typed or pasted; control characters are the receiver's to drop. */
  readonly onText?: (text: string) => void;
}

export interface Available {
  readonly action: Action;
  readonly disabled: string | undefined;
}

interface Entry<T> {
  current: T;
}

interface Bound extends Available {
  readonly run: () => void;
}

/**
 * The one place that keys go through. Components put layers (action bindings) and captures (text fields, dialogs) on it
 * while they are on the screen; a stroke goes to the newest capture, else to the innermost layer that binds it.
 */
export interface Keyboard {
  press(stroke: Stroke): void;
  /** Runs an action that is bound now, as its key would. */
  run(id: string): void;
  /** Text for the field that takes it. */
  type(text: string): void;
  /** Pasted text: for a text field, or for nobody. It is never keys. */
  paste(text: string): void;
  /** True while typed characters are text. */
  takesText(): boolean;
  /** True while keys are text or an answer: no action can run. */
  isCaptured(): boolean;
  addLayer(layer: Layer): { update(layer: Layer): void; remove(): void };
  addCapture(capture: Capture): { update(capture: Capture): void; remove(): void };
  /** Actions that keys reach now, innermost first; the same array until something changes. */
  available(): readonly Available[];
  subscribe(listener: () => void): () => void;
}

export interface KeyboardOptions {
  readonly actions: readonly Action[];
  /** Ctrl-C, whatever is on the screen. */
  readonly leave: () => void;
  /** Told of every key, before it does anything. */
  readonly pressed: () => void;
  /** Told when a key's action is disabled. */
  readonly refused: (available: Available) => void;
}

export function createKeyboard({ actions, leave, pressed, refused }: KeyboardOptions): Keyboard {
  const layers: Entry<Layer>[] = [];
  const captures: Entry<Capture>[] = [];
  const listeners = new Set<() => void>();
  let cached: readonly Available[] | undefined;
  let signature = '';

  const compute = (): Bound[] => {
    const found: Bound[] = [];
    const taken = new Set<string>();
    const inner = [...layers].reverse().sort((a, b) => depth(b.current.scope) - depth(a.current.scope));
    for (const { current } of inner)
      for (const action of actions) {
        const binding = action.scope === current.scope ? current.bindings[action.id] : undefined;
        if (!binding || taken.has(action.id)) continue;
        taken.add(action.id);
        found.push({ action, disabled: binding.disabled, run: binding.run });
      }
    return found;
  };
  const changed = (): void => {
    const next = compute();
    const now = `${captures.length}|${next.map(({ action, disabled }) => `${action.id}:${disabled ?? ''}`).join('|')}`;
    if (now === signature) return;
    cached = next;
    signature = now;
    for (const listener of listeners) listener();
  };
  const perform = (hit: Bound | undefined): void => {
    if (hit?.disabled === undefined) hit?.run();
    else refused(hit);
  };
  const add = <T>(list: Entry<T>[], value: T): { update(value: T): void; remove(): void } => {
    const entry = { current: value };
    list.push(entry);
    changed();
    return {
      update(next) {
        entry.current = next;
        changed();
      },
      remove() {
        const index = list.indexOf(entry);
        if (index >= 0) list.splice(index, 1);
        changed();
      },
    };
  };

  return {
    press(stroke) {
      if (stroke.name === 'ctrl-c') return leave();
      pressed();
      const capture = captures.at(-1)?.current;
      if (capture) {
        if (capture.onText && stroke.text !== undefined) capture.onText(stroke.text);
        else capture.onKey(stroke);
        return;
      }
      perform(compute().find(({ action }) => action.keys.includes(stroke.name)));
    },
    run(id) {
      perform(compute().find(({ action }) => action.id === id));
    },
    type: (text) => captures.at(-1)?.current.onText?.(text),
    paste: (text) => captures.at(-1)?.current.onText?.(text),
    takesText: () => captures.at(-1)?.current.onText !== undefined,
    isCaptured: () => captures.length > 0,
    addLayer: (layer) => add(layers, layer),
    addCapture: (capture) => add(captures, capture),
    available() {
      cached ??= compute();
      return cached;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function depth(scope: Scope): number {
  return scopes.indexOf(scope);
}
