import { fieldsOf, parseJson } from '../../../core/host/sections.ts';
import { plain } from '../../../core/text/safe.ts';

/** Conditions that say what is wrong, with the status in which they do (DeploymentCondition, PodCondition of Kubernetes 1.33). */
const wrong: ReadonlyMap<string, string> = new Map([
  ['ReplicaFailure', 'True'],
  ['PodScheduled', 'False'],
]);

/** What keeps deployments and pods from getting ready, as a list of them in JSON tells it. */
export function troublesIn(text: string): string[] {
  const items = listOf(fieldsOf(parseJson(text))?.items);
  return items.flatMap((item) => {
    const status = fieldsOf(fieldsOf(item)?.status);
    const conditions = listOf(status?.conditions).flatMap((one) => {
      const { type, status: state, message } = fieldsOf(one) ?? {};
      return typeof type === 'string' && wrong.get(type) === state ? words(message) : [];
    });
    const containers = listOf(status?.containerStatuses).flatMap((one) => {
      const waiting = fieldsOf(fieldsOf(fieldsOf(one)?.state)?.waiting);
      if (!waiting || waiting.reason === 'ContainerCreating') return [];
      return [[...words(waiting.reason), ...words(waiting.message)].join(': ')];
    });
    return [...conditions, ...containers];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function words(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? [plain(value, 300)] : [];
}
