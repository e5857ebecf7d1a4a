import { type Client, huskycat, type Json, rows } from './server.ts';

const project = `projects/${huskycat}`;

/** A parent with a job before and behind a child pipeline, and one that nothing waits for. */
export const parent = `
stages: [build, downstream, deploy]
make: {stage: build, script: [make]}
checks:
  stage: downstream
  variables: {LEVEL: deep}
  trigger: {include: ci/checks.yml, strategy: depend}
docs:
  stage: downstream
  needs: []
  trigger: {include: [{local: ci/docs.yml}]}
deploy: {stage: deploy, script: [make deploy]}
`;

export const children = {
  'ci/checks.yml': `
stages: [one, two]
unit: {stage: one, script: [make unit]}
system:
  stage: two
  script: [make system]
  rules:
    - if: $CI_PIPELINE_SOURCE == "parent_pipeline" && $LEVEL == "deep"
never: {stage: two, script: [make], rules: [{if: $CI_PIPELINE_SOURCE == "push"}]}
`,
  'ci/docs.yml': 'pages: {script: [make docs]}\n',
};

/** Commits a configuration to a branch of its own; gives the id of the pipeline that the push made. */
export async function pushed(
  gitlab: Client,
  branch: string,
  configuration: string,
  files: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { json } = await gitlab.call('POST', `${project}/repository/commits`, {
    branch,
    start_branch: 'main',
    commit_message: 'Trigger',
    actions: [
      { action: 'update', file_path: '.gitlab-ci.yml', content: configuration },
      ...Object.entries(files).map(([file_path, content]) => ({ action: 'create', file_path, content })),
    ],
  });
  const [pipeline] = rows(await gitlab.get(`${project}/pipelines?sha=${json.id}`));
  return Number(pipeline?.id);
}

/** Jobs and bridges of a pipeline, by name. */
export async function partsOf(gitlab: Client, pipeline: unknown): Promise<Record<string, Json>> {
  const path = `${project}/pipelines/${pipeline}`;
  const all = [...rows(await gitlab.get(`${path}/jobs`)), ...rows(await gitlab.get(`${path}/bridges`))];
  return Object.fromEntries(all.map((one) => [String(one.name), one]));
}

/** Moves the world until something holds. */
export async function until(gitlab: Client, holds: () => Promise<boolean>): Promise<void> {
  for (let seconds = 0; !(await holds()); seconds += 5) {
    if (seconds > 36_000) throw new Error('it does not come to that');
    gitlab.clock.move(5);
  }
}
