import { textOf, textsOf } from '../yaml/node.ts';
import { type Check, hash } from './report.ts';
import { integers, isInteger, isString, isStrings } from './values.ts';

const reasons = [
  'always',
  'unknown_failure',
  'script_failure',
  'api_failure',
  'stuck_or_timeout_failure',
  'stuck_pending',
  'runner_system_failure',
  'runner_unsupported',
  'stale_schedule',
  'job_execution_timeout',
  'job_execution_server_timeout',
  'archived_failure',
  'unmet_prerequisites',
  'scheduler_failure',
  'data_integrity_failure',
  'forward_deployment_failure',
  'insufficient_bridge_permissions',
  'downstream_bridge_project_not_found',
  'invalid_bridge_trigger',
  'bridge_pipeline_is_child_pipeline',
  'downstream_pipeline_creation_failed',
  'secrets_provider_not_found',
  'reached_max_descendant_pipelines_depth',
  'reached_max_pipeline_hierarchy_size',
  'project_deleted',
  'user_blocked',
  'ci_quota_exceeded',
  'pipeline_loop_detected',
  'no_matching_runner',
  'trace_size_exceeded',
  'builds_disabled',
  'environment_creation_failure',
  'deployment_rejected',
  'failed_outdated_deployment_job',
  'protected_environment_failure',
  'runner_provisioning_timeout',
  'job_token_expired',
  'ip_restriction_failure',
  'job_router_failure',
  'runner_configuration_error',
  'runner_interrupted',
];

/** Rails' `numericality`: text that is a number counts as one. */
const max: Check = (node, place, report) => {
  const value = node.kind === 'scalar' && typeof node.value !== 'boolean' ? Number(node.value) : Number.NaN;
  if (Number.isNaN(value)) return report.add(place, 'is not a number', node);
  if (!Number.isInteger(value)) return report.add(place, 'must be an integer', node);
  if (value < 0) report.add(place, 'must be greater than or equal to 0', node);
  if (value > 2) report.add(place, 'must be less than or equal to 2', node);
};

const when: Check = (node, place, report) => {
  if (isString(node)) {
    if (!reasons.includes(textOf(node) ?? '')) report.add(place, 'is not included in the list', node);
  } else if (!isStrings(node)) report.add(place, 'should be an array of strings or a string', node);
  else {
    const unknown = textsOf(node).filter((reason) => !reasons.includes(reason));
    if (unknown.length > 0) report.add(place, `contains unknown values: ${unknown.join(', ')}`, node);
  }
};

/** `retry` of a job: a number, or a mapping. */
export const retry: Check = (node, place, report) => {
  if (isInteger(node)) return max(node, `${place} config`, report);
  if (node.kind !== 'mapping') return report.add(place, 'config has to be either an integer or a hash', node);
  hash({ attributes: { max, when, exit_codes: integers.attribute } })(node, place, report);
};
