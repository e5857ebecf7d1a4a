/** The script's name in the folder that it is put into. */
export const keptDownloadName = 'kept-download.sh';

/** What the script says on standard error when a download came from the package registry. */
export const keptPattern = 'kept-download: took \\S+ \\S+ from the package registry';

/** Whose jobs may store: those of protected refs, whose word others then take, or every job. */
export type Storing = 'protected' | 'every';

/**
 * A POSIX shell script that downloads a file, and in a job keeps it in the project's generic packages
 * (`PUT /projects/:id/packages/generic/:name/:version/:file`), with its checksum beside it. Needs curl.
 */
export function keptDownload(storing: Storing): string {
  const unprotected =
    storing === 'every'
      ? ''
      : `elif [ "\${CI_COMMIT_REF_PROTECTED:-}" != true ]; then
  say "downloaded $url; only jobs of protected refs store it"
`;
  return `#!/bin/sh
# kept-download.sh URL FILE: downloads URL to FILE, or to standard output for -.
# In a job, what was downloaded once is kept in the project's package registry, with its checksum, and taken from there. The
# version is the one in the address. Without one, outside of jobs, or when anything about the registry fails: as curl does it.
set -eu

url=$1
file=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
got=$work/got

say() { printf 'kept-download: %s\\n' "$*" >&2; }

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

give() {
  if [ "$file" = - ]; then cat "$got"; else cat "$got" > "$file"; fi
}

safe() { printf '%s' "$1" | sed 's/[^A-Za-z0-9._-]/_/g'; }

# The job's token is given on standard input: arguments can be read by every process of the machine. A redirection to other
# storage is followed without it.
registry() {
  printf 'header = "JOB-TOKEN: %s"\\n' "$CI_JOB_TOKEN" | curl --config - --silent --show-error --fail "$@"
}

take() {
  next=$(registry --output "$2" --write-out '%{redirect_url}' "$base/$1") || return 1
  [ -z "$next" ] || curl --silent --show-error --fail --output "$2" "$next"
}

original() { curl --silent --show-error --fail --location --retry 3 --output "$got" "$url"; }

bare=\${url#*://}
bare=\${bare%%[?#]*}
host=\${bare%%/*}
path=\${bare#*/}
last=\${path##*/}
version=$(printf '%s\\n' "$path" | tr / '\\n' |
  sed -n 's/\\.tar\\.[a-z0-9][a-z0-9]*$//; s/\\.tgz$//; s/\\.zip$//; s/\\.gz$//; s/\\.xz$//; s/^v\\{0,1\\}\\([0-9][0-9]*[0-9A-Za-z]*\\.[0-9][0-9A-Za-z.+-]*\\)$/\\1/p' |
  head -n 1)
[ -n "$version" ] || version=$(printf '%s\\n' "$last" | sed -n 's/^.*[-_]v\\{0,1\\}\\([0-9][0-9]*\\.[0-9.]*[0-9]\\).*$/\\1/p')
if [ "$path" = "$bare" ] || [ -z "$last" ]; then version=; fi

if [ -z "$version" ] || [ -z "\${CI_JOB_TOKEN:-}" ] || [ -z "\${CI_API_V4_URL:-}" ] || [ -z "\${CI_PROJECT_ID:-}" ]; then
  original
  give
  exit
fi

rest=\${path#*/}
case $host/$path in
github.com/*/*/* | gitlab.com/*/*/* | codeberg.org/*/*/*) name=$(safe "\${rest%%/*}") asset=$(safe "$last") ;;
*) name=$(safe "$host") asset=$(safe "$path" | tail -c 200) ;;
esac
base=$CI_API_V4_URL/projects/$CI_PROJECT_ID/packages/generic/$name/$version

known=
if take "$asset.sha256" "$work/sum" 2>/dev/null && take "$asset" "$got" 2>/dev/null; then
  known=$(cat "$work/sum")
  if [ "$(checksum "$got")" = "$known" ]; then
    say "took $asset $version from the package registry"
    give
    exit
  fi
  say "CHECKSUM MISMATCH: what the package registry has as $asset $version is not what was stored; downloading $url"
fi

original
sum=$(checksum "$got")
if [ -n "$known" ] && [ "$sum" != "$known" ]; then
  say "CHECKSUM MISMATCH: $url is not what was stored before; it is used as it is, and not stored"
${unprotected}elif printf '%s' "$sum" > "$work/sum" &&
  registry --upload-file "$got" --output /dev/null "$base/$asset" &&
  registry --upload-file "$work/sum" --output /dev/null "$base/$asset.sha256"; then
  say "downloaded $url and stored it as $asset $version"
else
  say "downloaded $url; the package registry did not take it"
fi
give
`;
}
