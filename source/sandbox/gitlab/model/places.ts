/** Groups and the project, as GitLab numbers and names them. */
export interface Group {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly parent: number | null;
}

export const groups: readonly Group[] = [
  { id: 88410207, name: 'tinyland', path: 'tinyland', parent: null },
  { id: 88410355, name: 'ai', path: 'tinyland/ai', parent: 88410207 },
];

export const project = {
  id: 57203410,
  name: 'huskycat',
  path: 'tinyland/ai/huskycat',
  namespace: 88410355,
  defaultBranch: 'main',
} as const;
