export const taskVerbs = ['probe', 'plan', 'apply', 'verify', 'undo', 'resume'] as const;

/** What is done with a task. */
export type TaskVerb = (typeof taskVerbs)[number];
