const labels: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
};

/** A stroke's name as people write it: `Ctrl-D`, `Enter`, `j`. */
export function keyLabel(name: string): string {
  const control = /^ctrl-(.+)$/.exec(name)?.[1];
  return control === undefined ? (labels[name] ?? name) : `Ctrl-${control.toUpperCase()}`;
}
