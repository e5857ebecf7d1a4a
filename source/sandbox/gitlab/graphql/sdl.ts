const paging = 'after: String, before: String, first: Int, last: Int';

const connection = (name: string): string => `
type ${name}Connection { count: Int! edges: [${name}Edge] nodes: [${name}] pageInfo: PageInfo! }
type ${name}Edge { cursor: String! node: ${name} }`;

/** The part of GitLab's schema that the sandbox answers, in GitLab's names. */
export const sdl = `
scalar Time
scalar Duration
scalar JobID
scalar CiPipelineID
scalar CiRunnerID
scalar JSON

type Query {
  project(fullPath: ID!): Project
  projects(fullPaths: [String!], ids: [ID!], membership: Boolean, search: String, ${paging}): ProjectConnection
  group(fullPath: ID!): Group
  runner(id: CiRunnerID!): CiRunner
  currentUser: CurrentUser
  metadata: Metadata
  echo(text: String!): String!
  ciConfig(projectPath: ID!, sha: String, content: String!, dryRun: Boolean, skipVerifyProjectSha: Boolean): CiConfig
}

type PageInfo { endCursor: String hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String }
type Metadata { version: String! revision: String! enterprise: Boolean! }
type CurrentUser { id: ID! username: String! name: String! state: String! webUrl: String! }
type UserCore { id: ID! username: String! name: String! state: String! webUrl: String! }

type Group {
  id: ID! name: String! path: String! fullPath: ID! webUrl: String!
  runners(status: CiRunnerStatus, type: CiRunnerType, tagList: [String!], paused: Boolean, ${paging}): CiRunnerConnection
  projects(includeSubgroups: Boolean, ${paging}): ProjectConnection!
}

type Project {
  id: ID! name: String! path: String! fullPath: ID! nameWithNamespace: String! webUrl: String visibility: String
  archived: Boolean description: String
  pipeline(id: CiPipelineID, iid: ID, sha: String): Pipeline
  pipelines(ref: String, sha: String, source: String, status: PipelineStatusEnum, ${paging}): PipelineConnection
  jobs(statuses: [CiJobStatus!], ${paging}): CiJobConnection
  job(id: JobID!): CiJob
  runners(status: CiRunnerStatus, type: CiRunnerType, tagList: [String!], paused: Boolean, ${paging}): CiRunnerConnection
  ciVariables(${paging}): CiProjectVariableConnection
  repository: Repository
  group: Group
}
type Repository { rootRef: String exists: Boolean! empty: Boolean! }
type CiProjectVariable {
  id: ID! key: String value: String masked: Boolean hidden: Boolean protected: Boolean raw: Boolean
  environmentScope: String variableType: String description: String
}

type Pipeline {
  id: ID! iid: String! name: String path: String sha(format: ShaFormat): String beforeSha: String ref: String source: String
  status: PipelineStatusEnum! active: Boolean! complete: Boolean! cancelable: Boolean! retryable: Boolean! child: Boolean!
  latest: Boolean! stuck: Boolean! yamlErrors: Boolean! yamlErrorMessages: String usesNeeds: Boolean totalJobs: Int!
  failedJobsCount: Int! hasManualActions: Boolean! coverage: Float duration: Int queuedDuration: Duration
  createdAt: Time! updatedAt: Time! startedAt: Time finishedAt: Time user: UserCore project: Project
  detailedStatus: DetailedStatus! userPermissions: PipelinePermissions!
  stages(${paging}): CiStageConnection
  jobs(jobKind: CiJobKind, retried: Boolean, statuses: [CiJobStatus!], whenExecuted: [String!], ${paging}): CiJobConnection
  job(id: JobID, name: String): CiJob
  downstream(${paging}): PipelineConnection
  upstream: Pipeline
  sourceJob: CiJob
}
enum ShaFormat { SHORT LONG }
type PipelinePermissions { adminPipeline: Boolean! cancelPipeline: Boolean! destroyPipeline: Boolean! updatePipeline: Boolean! }
type DetailedStatus { id: String! icon: String text: String label: String group: String tooltip: String hasDetails: Boolean detailsPath: String favicon: String }
enum PipelineStatusEnum { CANCELED CANCELING CREATED FAILED MANUAL PENDING PREPARING RUNNING SCHEDULED SKIPPED SUCCESS WAITING_FOR_CALLBACK WAITING_FOR_RESOURCE }
enum CiJobStatus { CANCELED CANCELING CREATED FAILED MANUAL PENDING PREPARING RUNNING SCHEDULED SKIPPED SUCCESS WAITING_FOR_CALLBACK WAITING_FOR_RESOURCE }
enum CiJobKind { BRIDGE BUILD }

type CiStage {
  id: ID! name: String status: String detailedStatus: DetailedStatus
  groups(${paging}): CiGroupConnection
  jobs(${paging}): CiJobConnection
}
type CiGroup { id: String! name: String size: Int detailedStatus: DetailedStatus jobs(${paging}): CiJobConnection }

type CiJob {
  id: JobID name: String kind: CiJobKind! status: CiJobStatus stage: CiStage schedulingType: String
  active: Boolean! allowFailure: Boolean! canPlayJob: Boolean! playable: Boolean! cancelable: Boolean! retryable: Boolean!
  retried: Boolean manualJob: Boolean scheduled: Boolean! stuck: Boolean! triggered: Boolean createdByTag: Boolean!
  refName: String shortSha: String! webPath: String tags: [String!] coverage: Float exitCode: Int failureMessage: String
  createdAt: Time queuedAt: Time startedAt: Time finishedAt: Time erasedAt: Time scheduledAt: Time
  duration: Int queuedDuration: Duration
  detailedStatus: DetailedStatus runner: CiRunner pipeline: Pipeline project: Project
  downstreamPipeline: Pipeline
  needs(${paging}): CiBuildNeedConnection
  previousStageJobs(${paging}): CiJobConnection
  previousStageJobsOrNeeds(${paging}): JobNeedUnionConnection @deprecated(reason: "Replaced by previousStageJobs and needs fields. Deprecated in GitLab 16.4.")
  userPermissions: JobPermissions!
  artifacts(${paging}): CiJobArtifactConnection
}
type JobPermissions { cancelBuild: Boolean! readBuild: Boolean! readJobArtifacts: Boolean! updateBuild: Boolean! }
type CiBuildNeed { id: ID! name: String }
union JobNeedUnion = CiBuildNeed | CiJob
type CiJobArtifact { id: ID! name: String fileType: String size: String! expireAt: Time }

enum CiRunnerStatus { ONLINE OFFLINE STALE NEVER_CONTACTED }
enum CiRunnerType { INSTANCE_TYPE GROUP_TYPE PROJECT_TYPE }
enum CiRunnerJobExecutionStatus { ACTIVE IDLE }
enum CiRunnerAccessLevel { NOT_PROTECTED REF_PROTECTED }
type CiRunner {
  id: CiRunnerID! description: String runnerType: CiRunnerType! status: CiRunnerStatus! paused: Boolean! active: Boolean!
  locked: Boolean runUntagged: Boolean! tagList: [String!] accessLevel: CiRunnerAccessLevel!
  jobExecutionStatus: CiRunnerJobExecutionStatus contactedAt: Time createdAt: Time shortSha: String
  version: String revision: String platformName: String architectureName: String maximumTimeout: Int
  managers(${paging}): CiRunnerManagerConnection
}
type CiRunnerManager {
  id: ID! systemId: String! version: String revision: String platformName: String architectureName: String
  status: CiRunnerStatus! contactedAt: Time ipAddress: String
}

type CiConfig {
  errors: [String!] warnings: [String!] mergedYaml: String status: CiConfigStatus
  stages(${paging}): CiConfigStageConnection
}
enum CiConfigStatus { INVALID VALID }
type CiConfigStage { name: String groups(${paging}): CiConfigGroupConnection }
type CiConfigGroup { name: String size: Int jobs(${paging}): CiConfigJobConnection }
type CiConfigJob {
  name: String stage: String when: String allowFailure: Boolean tags: [String!] script: [String!]
  needs(${paging}): CiConfigNeedConnection
}
type CiConfigNeed { name: String }
${[
  'Project',
  'Pipeline',
  'CiStage',
  'CiGroup',
  'CiJob',
  'CiBuildNeed',
  'JobNeedUnion',
  'CiRunner',
  'CiRunnerManager',
  'CiJobArtifact',
  'CiProjectVariable',
  'CiConfigStage',
  'CiConfigGroup',
  'CiConfigJob',
  'CiConfigNeed',
]
  .map(connection)
  .join('')}
`;
