/** Marks a container as made here; its value is what it was run with, as JSON. */
export const label = 'huskycat-tui';
