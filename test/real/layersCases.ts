import { ci } from '../../source/sandbox/checkout/template.ts';
import { entry, type Texts } from '../unit/container/layers.ts';
import { baseImage } from './builderImages.ts';

/** A configuration with a job that builds an image, and what it leaves in the registry. */
export interface LayersCase {
  readonly title: string;
  readonly texts: Texts;
  readonly job: string;
  /** `REPOSITORY:TAG` behind the project's path, for a commit: what other jobs pull. */
  pushed(sha: string): readonly string[];
  /** Repositories of the caches, behind the project's path. */
  readonly caches: readonly string[];
  /** Labels of what was pushed, by `REPOSITORY:TAG`. */
  labels(sha: string): Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of what is pushed; without one what Docker pushes. */
  readonly mediaType?: string;
  /** What the job writes into build.env. */
  dotenv?(sha: string): string;
}

/**
 * What is built: several stages, arguments late. A step that ran anew leaves another random number in its layer. The last stage
 * says of itself that it is built. With `labels` the arguments are labels, which is not for Buildah; else a step prints them.
 */
export function containerFile(host: string, labels: boolean): string {
  return `FROM ${host}/${baseImage}:1 AS tools
RUN cat /proc/sys/kernel/random/uuid > /tools

FROM ${host}/${baseImage}:1 AS app
COPY --from=tools /tools /tools
COPY src /src
RUN cat /proc/sys/kernel/random/uuid > /made
ARG TITLE=none
ARG VERSION=none
${labels ? 'LABEL title=$TITLE version=$VERSION' : 'RUN echo "$TITLE, $VERSION" > /arguments'}

FROM app AS last
LABEL last=yes
`;
}

const dind = `  image: docker:27
  services: [docker:27-dind]
`;
const login =
  '    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"\n';

/** The job of the embedded world. */
const sandbox: LayersCase = {
  title: 'the job of the embedded world',
  texts: ci('https://attic.example'),
  job: 'container:build:amd64',
  pushed: (sha) => [`:${sha.slice(0, 8)}-amd64`],
  caches: ['/cache'],
  labels: (sha) => ({
    [`:${sha.slice(0, 8)}-amd64`]: { title: 'none', version: 'none', last: 'yes' },
  }),
};

const full: LayersCase = {
  title: 'arguments, a target, several tags, another file, a dotenv report',
  texts: {
    [entry]: `build:
${dind}  variables:
    DOCKER_TLS_CERTDIR: "/certs"
    NAME: $CI_REGISTRY_IMAGE/web
  before_script:
    - until docker info > /dev/null 2>&1; do sleep 1; done
${login}  script:
    - |
      docker build --pull \\
        --build-arg "TITLE=a b" --build-arg VERSION=$CI_COMMIT_SHA \\
        --label "note=c d" --file ContainerFile --target app \\
        -t "$NAME:$CI_COMMIT_SHA-amd64" .
      docker tag "$NAME:$CI_COMMIT_SHA-amd64" $NAME:latest
    - docker push "$NAME:$CI_COMMIT_SHA-amd64"
    - docker push $NAME:latest
    - echo "TAG=$CI_COMMIT_SHA-amd64" > build.env
  artifacts:
    reports:
      dotenv: build.env
`,
  },
  job: 'build',
  pushed: (sha) => [`/web:${sha}-amd64`, '/web:latest'],
  caches: ['/web/cache'],
  labels: (sha) => {
    const labels = { title: 'a b', version: sha, note: 'c d' };
    return { [`/web:${sha}-amd64`]: labels, '/web:latest': labels };
  },
  dotenv: (sha) => `TAG=${sha}-amd64\n`,
};

const two: LayersCase = {
  title: 'two images of one job, each built and pushed in one line',
  texts: {
    [entry]: `build:
${dind}  variables:
    DOCKER_TLS_CERTDIR: "/certs"
  before_script:
${login}  script:
    - docker build -f ContainerFile --target app -t $CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA . && docker push $CI_REGISTRY_IMAGE/app:$CI_COMMIT_SHA
    - docker build -f ContainerFile --build-arg TITLE=second -t $CI_REGISTRY_IMAGE/last:$CI_COMMIT_SHA . && docker push $CI_REGISTRY_IMAGE/last:$CI_COMMIT_SHA
`,
  },
  job: 'build',
  pushed: (sha) => [`/app:${sha}`, `/last:${sha}`],
  caches: ['/cache/build-1', '/cache/build-2'],
  labels: (sha) => ({
    [`/app:${sha}`]: { title: 'none', version: 'none' },
    [`/last:${sha}`]: { title: 'second', version: 'none', last: 'yes' },
  }),
};

/** A job of Docker, as `keywords` give it an engine, with lines between the build and the push. */
function beside(title: string, keywords: string, between = ''): LayersCase {
  return {
    title,
    texts: {
      [entry]: `build:
${keywords}  before_script:
${login}  script:
    - docker build -f ContainerFile --build-arg VERSION=$CI_COMMIT_SHA -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .
${between}    - docker push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
`,
    },
    job: 'build',
    pushed: (sha) => [`:${sha}`],
    caches: ['/cache'],
    labels: (sha) => ({ [`:${sha}`]: { title: 'none', version: sha, last: 'yes' } }),
  };
}

export const withoutTls = beside(
  'a service without TLS, an image that is tried before it is pushed',
  `${dind}  variables:
    DOCKER_HOST: tcp://docker:2375
    DOCKER_TLS_CERTDIR: ""
`,
  '    - docker run --rm $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA cat /made\n',
);

/** Engines that outlive the job. */
export const ofMachine: readonly LayersCase[] = [
  beside('an engine of the machine, by its socket', '  tags: [shell]\n'),
  beside(
    'an engine of another machine, with TLS',
    '  tags: [shell]\n  variables:\n    DOCKER_HOST: tcp://builder.example:2376\n    DOCKER_TLS_VERIFY: "1"\n    DOCKER_CERT_PATH: /etc/docker/client\n',
  ),
];

/** A job that has the builder already, and lacks the cache. */
function own(title: string, script: string): LayersCase {
  return {
    title,
    texts: { [entry]: `build:\n  script:\n${script}` },
    job: 'build',
    pushed: (sha) => [`:${sha}`],
    caches: ['/cache'],
    labels: (sha) => ({ [`:${sha}`]: { title: 'none', version: sha, last: 'yes' } }),
  };
}

const config = (folder: string): string =>
  `    - mkdir -p ${folder}
    - echo "{\\"auths\\":{\\"$CI_REGISTRY\\":{\\"username\\":\\"$CI_REGISTRY_USER\\",\\"password\\":\\"$CI_REGISTRY_PASSWORD\\"}}}" > ${folder}/config.json
`;

export const fromDocker: readonly LayersCase[] = [full, sandbox, two];

const ofBuildah = own(
  'a job of Buildah that keeps no layers',
  `    - echo "$CI_REGISTRY_PASSWORD" | buildah login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"
    - buildah build -f ContainerFile --build-arg VERSION=$CI_COMMIT_SHA -t $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA .
    - buildah push $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
`,
);

/** Its own format stays. */
export const fromBuildah: LayersCase = {
  ...ofBuildah,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
};

export const fromBuildctl = own(
  'a job of BuildKit that keeps no layers',
  `${config('~/.docker')}    - |
      buildctl-daemonless.sh build \\
        --frontend dockerfile.v0 \\
        --local context=. --local dockerfile=. --opt filename=ContainerFile \\
        --opt build-arg:VERSION=$CI_COMMIT_SHA \\
        --output type=image,name=$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA,push=true
`,
);

export const fromKaniko = own(
  'a job of Kaniko that keeps no layers',
  `${config('/kaniko/.docker')}    - >-
      /kaniko/executor --context "$CI_PROJECT_DIR" --dockerfile "$CI_PROJECT_DIR/ContainerFile"
      --build-arg VERSION=$CI_COMMIT_SHA --destination $CI_REGISTRY_IMAGE:$CI_COMMIT_SHA
`,
);
