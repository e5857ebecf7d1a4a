import { label } from '../host/label.ts';
import { fieldsOf, parseJson } from '../host/sections.ts';
import { plain } from '../text/safe.ts';

/** A container, as `inspect` of docker and podman shows it. */
export interface DeployedContainer {
  readonly id: string;
  readonly name: string;
  /** `running`, `restarting`, `exited`, `created`, … */
  readonly status: string;
  readonly isRestarting: boolean;
  readonly restartCount: number;
  readonly exitCode: number;
  /** What the engine says of a start that failed. */
  readonly error: string;
  /** As it was typed. */
  readonly image: string;
  readonly restartPolicy: string;
  /** The label of one that was made here. */
  readonly label?: string;
  readonly isOutOfMemory: boolean;
}

/** Reads the answer of `container inspect`; undefined when it holds no container. */
export function parseContainer(text: string): DeployedContainer | undefined {
  const list = parseJson(text.slice(Math.max(text.indexOf('['), 0)));
  const fields = fieldsOf(Array.isArray(list) ? list[0] : undefined);
  const state = fieldsOf(fields?.State);
  if (!fields || !state) return undefined;
  const config = fieldsOf(fields.Config);
  const own = fieldsOf(config?.Labels)?.[label];
  return {
    id: word(fields.Id),
    name: word(fields.Name).replace(/^\//, ''),
    status: word(state.Status),
    isRestarting: state.Restarting === true,
    restartCount: Number(fields.RestartCount ?? 0),
    exitCode: Number(state.ExitCode ?? 0),
    error: word(state.Error),
    image: word(config?.Image) || word(fields.ImageName),
    restartPolicy: word(fieldsOf(fieldsOf(fields.HostConfig)?.RestartPolicy)?.Name),
    isOutOfMemory: state.OOMKilled === true,
    ...(typeof own === 'string' ? { label: own } : {}),
  };
}

/** The repository digests that an engine knows of an image, from `image inspect`. */
export function parseDigests(text: string): string[] {
  const list = parseJson(text.slice(Math.max(text.indexOf('['), 0)));
  const fields = fieldsOf(Array.isArray(list) ? list[0] : undefined);
  const digests: unknown = fields?.RepoDigests;
  return (Array.isArray(digests) ? digests : []).flatMap((one) => {
    const [digest] = /sha256:[0-9a-f]{64}$/.exec(typeof one === 'string' ? one : '') ?? [];
    return digest === undefined ? [] : [digest];
  });
}

function word(value: unknown): string {
  return typeof value === 'string' ? plain(value, 300) : '';
}
