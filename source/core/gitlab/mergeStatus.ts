/** In words, by `detailed_merge_status`: docs.gitlab.com/api/merge_requests, “Merge status”. */
const hindrances: Readonly<Record<string, string>> = {
  not_approved: 'it is not approved yet',
  requested_changes: 'a reviewer asks for changes',
  ci_must_pass: 'its pipeline must pass first',
  ci_still_running: 'its pipeline still runs',
  conflict: 'it conflicts with the target branch',
  need_rebase: 'it must be rebased',
  discussions_not_resolved: 'threads are not resolved',
  draft_status: 'it is a draft',
  merge_request_blocked: 'another merge request must be merged first',
  status_checks_must_pass: 'status checks must pass first',
  security_policy_violations: 'it goes against a security policy',
  jira_association_missing: 'it names no Jira issue',
  locked_paths: 'somebody has locked its files',
  locked_lfs_files: 'somebody has locked its files',
  merge_time: 'it may be merged only from a later time on',
  title_regex: 'its title is not what the project wants',
  commits_status: 'its source branch has no commits of its own, or is gone',
};

/** Why an open merge request cannot be merged now, in words; undefined where nothing that is known stands in its way. */
export function mergeHindrance(detailedStatus: string | undefined): string | undefined {
  return detailedStatus !== undefined && Object.hasOwn(hindrances, detailedStatus)
    ? hindrances[detailedStatus]
    : undefined;
}
