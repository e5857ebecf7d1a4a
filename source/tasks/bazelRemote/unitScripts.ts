/**
 * Small programs for a shell on the host that write and run units; what differs comes as arguments. Those that look end as
 * `unless` wants it: 0 as wanted, 1 as before, 2 otherwise.
 */

/** Arguments: path. The text comes on standard input; the folder stays when the file is taken back. */
export const writeFile = `umask 022
mkdir -p -- "\${1%/*}" && cat > "\${1%/*}/.\${1##*/}.new" && mv -- "\${1%/*}/.\${1##*/}.new" "$1"`;

/** Arguments: path, its hash as wanted, its hash before or `absent`. */
export const fileIs = `if [ -e "$1" ]; then h=$(sha256sum < "$1") || exit 3; h=\${h%% *}; else h=absent; fi
if [ "$h" = "$2" ]; then echo "it is as wanted"; exit 0; fi
if [ "$h" = "$3" ]; then echo "it is as it was before"; exit 1; fi
echo "$1 was changed by somebody else"; exit 2`;

/** Arguments: path. The bytes come in base64. */
export const restoreFile = `umask 022
base64 -d > "\${1%/*}/.\${1##*/}.new" && mv -- "\${1%/*}/.\${1##*/}.new" "$1"`;

/** Arguments: service, path, then the words that call systemctl. */
export const removeUnit = `s=$1 p=$2; shift 2
"$@" stop "$s" 2>/dev/null
rm -f -- "$p" && "$@" daemon-reload`;

/** Arguments: service, then the words that call systemctl. */
export const isEnabled = `s=$1; shift
o=$("$@" is-enabled "$s" 2>/dev/null)
echo "it is \${o:-not there}"
[ "$o" = enabled ]`;

const look = `e=$1 n=$2 l=$3 s=$4; shift 4
look() {
  a=$("$@" is-active "$s" 2>/dev/null)
  o=$("$e" container inspect --format '{{index .Config.Labels "huskycat-tui"}}' "$n" 2>/dev/null) || o=
  [ "$a" = active ] && [ "$o" = "$l" ]
}`;

/** Arguments: engine, container, label, service, then the words that call systemctl. */
export const isStarted = `${look}
if look "$@"; then echo "$s is active with these settings"; exit 0; fi
echo "$s is \${a:-not there}"; exit 1`;

/**
 * The same arguments. systemctl returns before there is a container. What keeps it from coming is in the journal, as its
 * processes said it; not their help, which is indented, nor what Podman notes of containers.
 */
export const startUnit = `${look}
"$@" restart "$s" || exit
i=0
while [ "$i" -lt 20 ]; do
  if look "$@"; then echo "$s is active with these settings"; exit 0; fi
  i=$((i + 1)); sleep 1
done
f=_SYSTEMD_UNIT r=
case " $* " in *' --user '*) f=_SYSTEMD_USER_UNIT ;; ' sudo '*) r='sudo -n' ;; esac
o=$($r journalctl --quiet --no-pager --output=cat --lines=500 "$f=$s" 2>/dev/null | grep -v -e '^[[:space:]]' -e '^$' -e ' m=+' | tail -n 1)
echo "$s is \${a:-not there} and $n does not run with these settings\${o:+; its log ends: $o}" >&2; exit 1`;
