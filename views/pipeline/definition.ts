import { useEffect, useState } from 'react';
import { jobSet } from '../../source/core/ci/jobSet.ts';
import { groupName } from '../../source/core/pipeline/group.ts';
import type { EditorPlace } from '../../source/services/editor/open.ts';
import type { Workspace } from '../../source/services/workspace.ts';
import { useHost } from '../host.ts';

type Places = ReadonlyMap<string, EditorPlace>;

const read = new WeakMap<Workspace, Promise<Places>>();

/** Where the checkout defines a job; undefined while that is not known. */
export function useDefinition(job: string | undefined): EditorPlace | undefined {
  const { workspace } = useHost();
  const [places, setPlaces] = useState<Places>();
  useEffect(() => {
    let isHere = true;
    const found = read.get(workspace) ?? definitions(workspace);
    read.set(workspace, found);
    found.then(
      (known) => isHere && setPlaces(known),
      () => read.delete(workspace),
    );
    return () => {
      isHere = false;
    };
  }, [workspace]);
  return job === undefined ? undefined : (places?.get(job) ?? places?.get(groupName(job)));
}

async function definitions({ openCheckout }: Workspace): Promise<Places> {
  const files = await openCheckout();
  const { configuration } = jobSet('.gitlab-ci.yml', {
    event: 'push',
    ref: files.branch ?? files.defaultBranch,
    defaultBranch: files.defaultBranch,
    variables: {},
    files,
  });
  const { root } = files;
  return new Map(
    [...configuration.jobs.values()].map(({ name, at }) => [name, { root, file: at.file, line: at.line }]),
  );
}
