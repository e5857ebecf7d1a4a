import { type RealCases, real, script } from './realCase.ts';

/** Commands that a rule must find, and those that only look like them. */
export const realScripts: RealCases = [
  real('bad subst java', script('mvn -Drevision=${project.version} x'), ['bad-substitution']),
  real(
    'bad subst quoted',
    script("mvn -Drevision='${project.version}' x", "cat > x <<'EOF'\n${a.b} ${{ x }}\nEOF"),
    [],
  ),
  real('github', script('echo ${{ github.sha }}'), ['bad-substitution']),
  real(
    'valid exps',
    script(
      'echo ${A:-b} ${#CI} ${CI%%.*} ${CI/a/b} ${CI:0:3} ${CI@Q} ${!CI} ${CI[0]} ${CI[@]:1} ${CI:?x y} ${CI+x} ${@:2} ${*} ${1:-} ${?} ${CI^^} ${CI//./_}',
    ),
    [],
  ),
  real('envsubst template', script("envsubst '${FOO}' < a > b"), []),
  real('escaped', script('echo "\\${a.b}"'), []),
  real(
    'docker login',
    script('docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" "$CI_REGISTRY"'),
    ['secret-in-arguments'],
  ),
  real('docker login --password=', script('docker login -u x --password=$CI_REGISTRY_PASSWORD r'), [
    'secret-in-arguments',
  ]),
  real(
    'docker login stdin',
    script('echo "$CI_REGISTRY_PASSWORD" | docker login -u x --password-stdin r'),
    [],
  ),
  real('printf pipe', script('printf "%s" "$CI_JOB_TOKEN" | base64 -w0 > x'), []),
  real('helm login', script('helm registry login -u x -p $CI_REGISTRY_PASSWORD r'), ['secret-in-arguments']),
  real('curl -u', script('curl -u "$CI_REGISTRY_USER:$CI_JOB_TOKEN" https://x'), ['secret-in-process-list']),
  real('curl header single', script('curl --header "PRIVATE-TOKEN: ${CI_JOB_TOKEN}" https://x'), [
    'secret-in-process-list',
  ]),
  real('git clone', script('git clone https://gitlab-ci-token:${CI_JOB_TOKEN}@gitlab.com/x/y.git'), [
    'secret-in-process-list',
  ]),
  real('mysql', script('mysql -u root -p"$CI_DB_PASSWORD" x'), ['secret-in-process-list']),
  real(
    'twine env',
    script('TWINE_PASSWORD=${CI_JOB_TOKEN} TWINE_USERNAME=gitlab-ci-token twine upload dist/*'),
    [],
  ),
  real(
    'echo set?',
    script('[ -n "$CI_JOB_TOKEN" ] && echo "token is set"', 'echo "${CI_JOB_TOKEN:+set}" ${#CI_JOB_TOKEN}'),
    [],
  ),
  real('echo to file', script('echo "//registry/:_authToken=${CI_JOB_TOKEN}" > .npmrc'), []),
  real('echo heredoc', script('cat <<EOF > .netrc\nmachine x password $CI_JOB_TOKEN\nEOF'), []),
  real('cat heredoc to log', script('cat <<EOF\npassword $CI_JOB_TOKEN\nEOF'), ['secret-echoed']),
  real('echo token', script('echo $CI_JOB_TOKEN'), ['secret-echoed']),
  real('echo in if', script('if true; then echo "$CI_DEPLOY_PASSWORD"; fi'), ['secret-echoed']),
  real('echo base64', script('echo $CI_JOB_TOKEN | base64'), ['secret-echoed']),
  real('set -x', script('set -ex', 'curl -H "A: $CI_JOB_TOKEN" x'), [
    'secret-echoed',
    'secret-in-process-list',
  ]),
  real('set -euxo pipefail', script('set -euxo pipefail\ndeploy "$CI_DEPLOY_PASSWORD"'), ['secret-echoed']),
  real('bash -x', script('bash -x deploy.sh "$CI_DEPLOY_PASSWORD"'), ['secret-echoed']),
  real('env', script('env'), ['environment-printed']),
  real('printenv|sort', script('printenv | sort'), ['environment-printed']),
  real('export -p', script('export -p'), ['environment-printed']),
  real('set in block', script('set -e\nset'), ['environment-printed']),
  real(
    'set +e',
    script(
      'set +e',
      'set -o pipefail',
      'env -0 > x',
      'env VAR=1 cmd',
      '/usr/bin/env bash x.sh',
      'printenv CI',
    ),
    [],
  ),
  real('env inside double', script('echo "env"; docker run --env X y; test env; ls env'), []),
  real('env docker exec', script('docker run x env'), []),
  real('env && ', script('env && make'), ['environment-printed']),
  real('grep empty', script('grep -q "x=$MYVAR" f'), ['grep-for-nothing', 'variable-set-nowhere']),
  real('failure ignored', script('npm test || true'), ['failure-ignored']),
  real('failure ignored var', script('pytest || exit 0'), ['failure-ignored']),
  real(
    'failure ok',
    script('npm test || EXIT=$?', 'docker rm x || true', 'pytest || { echo failed; exit 1; }'),
    [],
  ),
  real('yarn test; true', script('yarn test; true'), ['failure-ignored']),
  real(
    'variable in sed/awk',
    script("awk '{print $NF, $X}' f", 'sed "s/$/x/" f', 'make X=\\$Y', "perl -e '$ENV{PATH}'"),
    [],
  ),
  real(
    'variable read',
    script(
      'while read -r LINE; do echo "$LINE"; done < f',
      'for F in *; do echo $F; done',
      'IFS=. read MAJOR MINOR <<EOF\n1.2\nEOF\necho $MAJOR $MINOR',
    ),
    [],
  ),
  real('variable set nowhere', script('deploy --to $TARGET_HOST'), ['variable-set-nowhere']),
  real('variable from script sourced', script('source ./env.sh', 'deploy --to $TARGET_HOST'), []),
  real(
    'getopts/local',
    script(
      'f() { local NAME=$1; echo "$NAME"; }',
      'printf -v OUT "%s" x; echo $OUT',
      'mapfile -t ARR < x; echo ${ARR}',
    ),
    [],
  ),
  real('variable in heredoc quoted', script("cat > f <<'EOF'\n$NOT_SET\nEOF"), []),
  real('build arg', script('docker build --build-arg NPM_TOKEN="${CI_JOB_TOKEN}" .'), [
    'secret-in-build-arg',
  ]),
  real('build arg name only', script('docker build --build-arg GITHUB_TOKEN .'), ['secret-in-build-arg']),
];
