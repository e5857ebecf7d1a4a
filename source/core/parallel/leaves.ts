import { dotenvVariables } from '../ci/checks/flow.ts';
import { madeImages } from '../ci/checks/imageRefs.ts';
import { publishes } from '../ci/checks/shared.ts';
import type { Configuration, JobDefinition, Node } from '../ci/model.ts';
import { cachesOf } from '../ci/schema/cache.ts';
import { get, isNull, scalarText, textOf, textsOf } from '../ci/yaml/node.ts';
import type { JobText, Line } from './text.ts';

/** A path that a job uploads; `text` is its beginning where `isOpen`, and may then be empty. */
export interface LeftPath {
  readonly text: string;
  readonly isOpen: boolean;
  /** It is a report as well, which nobody builds with. */
  readonly isReport: boolean;
}

/** Something that a job changes outside of its workspace; not sure where its script cannot be read to the end. */
export interface OutsideEffect {
  readonly saw: string;
  readonly isSure: boolean;
}

/** What a job leaves behind for others. */
export interface Leaves {
  readonly paths: readonly LeftPath[];
  /** Variables of its dotenv report; undefined without one, empty when the script does not show them. */
  readonly dotenv?: ReadonlySet<string>;
  readonly images: readonly string[];
  readonly effect?: OutsideEffect;
  /** Why nobody may start it earlier than today: it hands something to people, or changes an environment. */
  readonly publishes?: string;
  /** Of caches that it writes and reads. */
  readonly cachesWritten: readonly string[];
  readonly cachesRead: readonly string[];
  /** Jobs of which only one runs at a time, and environments. */
  readonly shared: readonly string[];
}

const outside =
  /\b(?:kubectl|helm\s+(?:upgrade|install|push|uninstall)|terraform\s+(?:apply|destroy)|tofu\s+apply|ansible-playbook|scp|rsync|sftp|npm\s+publish|yarn\s+(?:npm\s+)?publish|pnpm\s+publish|twine\s+upload|(?:uv|poetry|hatch|flit|cargo)\s+publish|gem\s+push|mvn\s+\S*\s*deploy|goreleaser|release-cli|glab\s+(?:release|mr|issue)|gh\s+release|git\s+push|attic\s+push|nix\s+copy|cachix\s+push|cosign\s+(?:sign|attest)|oras\s+push|aws\s+s3\s+(?:cp|sync|mv|rm)|gsutil|gcloud\s+\w+\s+deploy|az\s+\w+|notarytool\s+submit)\b|\bssh\s+\S*@|\bcurl\b.*(?:\s-T\b|--upload-file|-X\s*(?:POST|PUT|DELETE|PATCH)|--request\s+(?:POST|PUT|DELETE|PATCH)|--data|\s-d\s|\s-F\s|--form)/;
const perhaps =
  /\b(?:publish|deploy|release|upload|promote|rollout|provision|migrate|notify)(?:\b|[_-])|\b(?:docker|podman|buildah|skopeo|crane|nerdctl)\b.*\bpush\b/i;
/** A tag that no other pipeline has: the image is for jobs of this one. */
const ownTag = /\$CI_(?:COMMIT_SHA|COMMIT_SHORT_SHA|PIPELINE_ID|PIPELINE_IID|JOB_ID)\b/;
const checking =
  /(?:^|[\W_])(?:tests?|lint(?:er|ing)?|check(?:s|er)?|verify|valid(?:ate|ation)|scan(?:ning)?|security|audit|coverage|types?|format|style|spec|unit|sast|dast|secrets?)(?:$|[\W_])/i;

/** A job whose result is its status alone, by its name and stage. */
function isCheck({ name, keywords }: JobDefinition): boolean {
  return checking.test(`${name} ${scalarText(get(keywords, 'stage')) ?? 'test'}`) || checking.test(name);
}

/** Reads what a job leaves behind. */
export function leavesOf(configuration: Configuration, job: JobDefinition, text: JobText): Leaves {
  const { keywords } = job;
  const images = [...new Set(text.script.concat(text.run).flatMap((line) => madeImages(line.text)))].filter(
    (image) => /[\w$]/.test(image) && image !== '.',
  );
  const effect = effectOf(job, text, images);
  const published = publishedBy(job, effect, images);
  const dotenv = dotenvOf(configuration, job);
  return {
    paths: pathsOf(job, text),
    ...(dotenv ? { dotenv } : {}),
    images: images.map((image) => image.replace(/\$\{(\w+)\}/g, '$$$1').replace(/^docker:\/\//, '')),
    ...(effect ? { effect } : {}),
    ...(published === undefined ? {} : { publishes: published }),
    cachesWritten: cacheKeys(job, 'pull'),
    cachesRead: cacheKeys(job, 'push'),
    shared: [
      ...textsOf(get(keywords, 'resource_group')).map((name) => `resource_group ${name}`),
      ...environmentNames(keywords).map((name) => `environment ${name}`),
    ],
  };
}

function pathsOf({ name, keywords }: JobDefinition, text: JobText): LeftPath[] {
  const artifacts = get(keywords, 'artifacts');
  const untracked = get(artifacts, 'untracked');
  const reports = new Set(textsIn(get(artifacts, 'reports')).map(clean));
  const listed = textsOf(get(artifacts, 'paths'));
  const all = name === 'pages' || get(keywords, 'pages') ? [...listed, 'public'] : listed;
  const paths = [...new Set(all)].map((path): LeftPath => {
    const whole = clean(text.expand(path));
    const cut = whole.search(/[*?[\]{}$%]/);
    const begin = cut < 0 ? whole : whole.slice(0, cut);
    return { text: begin.replace(/\/+$/, ''), isOpen: cut >= 0, isReport: reports.has(whole) };
  });
  const isUntracked = untracked?.kind === 'scalar' && untracked.value === true;
  return isUntracked ? [...paths, { text: '', isOpen: true, isReport: false }] : paths;
}

function clean(path: string): string {
  return path
    .replace(/^\$\{?CI_PROJECT_DIR\}?\//, '')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
}

function textsIn(node: Node | undefined): string[] {
  if (node?.kind === 'mapping') return [...node.entries.values()].flatMap(({ value }) => textsIn(value));
  return textsOf(node);
}

function dotenvOf(configuration: Configuration, job: JobDefinition): Set<string> | undefined {
  const files = textsOf(get(get(get(job.keywords, 'artifacts'), 'reports'), 'dotenv'));
  if (files.length === 0) return undefined;
  const alone = { ...configuration, jobs: new Map([[job.name, job]]) };
  return new Set(dotenvVariables(alone).keys());
}

function effectOf(job: JobDefinition, text: JobText, images: readonly string[]): OutsideEffect | undefined {
  for (const key of ['environment', 'release', 'trigger'])
    if (!isNull(get(job.keywords, key))) return { saw: `${key}:`, isSure: true };
  const lines = [...text.script, ...text.run];
  const seen = lines.find((line) => outside.test(line.text));
  if (seen) return { saw: shown(seen), isSure: !/(?:Makefile|package\.json)$/.test(seen.at.file) };
  if (images.length > 0) return undefined;
  const guess = lines.find((line) => perhaps.test(line.text.replace(/https?:\S+/g, '')));
  if (guess) return { saw: shown(guess), isSure: false };
  const [unread] = text.unread;
  return unread === undefined || isCheck(job)
    ? undefined
    : { saw: `${unread}, which is not in the checkout`, isSure: false };
}

function shown({ text }: Line): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Why a job counts as one that publishes; a dry run counts too, for nobody can be sure of it. */
function publishedBy(
  job: JobDefinition,
  effect: OutsideEffect | undefined,
  images: readonly string[],
): string | undefined {
  if (effect?.isSure) return effect.saw;
  const lasting = images.find((image) => !ownTag.test(image) && /[/$]/.test(image));
  if (lasting !== undefined) return `the image ${lasting}`;
  if (publishes(job)) return `its name or stage (${job.name})`;
  return undefined;
}

/** Keys as GitLab would read them, but for variables that only a pipeline has. */
function cacheKeys(job: JobDefinition, not: 'pull' | 'push'): string[] {
  return cachesOf(job.keywords).flatMap((cache) => {
    if (textOf(get(cache, 'policy')) === not) return [];
    const key = get(cache, 'key');
    const files = textsOf(get(key, 'files'));
    const name = scalarText(key) ?? `${scalarText(get(key, 'prefix')) ?? ''} ${files.join(' ')}`.trim();
    return [
      (name === '' ? 'default' : name)
        .replace(/\$\{?CI_JOB_NAME(?:_SLUG)?\}?(?!\w)/g, job.name)
        .replace(/\$\{?CI_JOB_STAGE\}?(?!\w)/g, scalarText(get(job.keywords, 'stage')) ?? 'test'),
    ];
  });
}

function environmentNames(keywords: Node): string[] {
  const node = get(keywords, 'environment');
  return textsOf(node?.kind === 'mapping' ? get(node, 'name') : node);
}
