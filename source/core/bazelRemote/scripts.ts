import { frame } from '../host/scripts.ts';

/** Who logs in, whether sudo asks for nothing, all file systems, SELinux, own addresses, systemd. Reads only. */
export const placeScript = `# user, sudo, file systems, SELinux, addresses
${frame}
who() { id -u; id -g; printf '%s\\n' "$HOME"; }
run who who
run sudo $T sudo -n true
run mounts $T df -Pk
run inodes $T df -Pi
if [ -r /proc/mounts ]; then run options cat /proc/mounts; fi
if has getenforce; then run selinux getenforce; fi
if has ip; then run addresses ip -o addr show; else run addresses hostname -I; fi
if has openssl; then run openssl openssl version; fi
programs() { for p in docker podman; do command -v "$p"; done; :; }
run programs programs
if [ -d /run/systemd/system ]; then
  run systemd echo there
  if [ "$(id -u)" = 0 ]; then run restarts $T systemctl is-enabled podman-restart.service
  else
    restarts() { XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)} $T systemctl --user is-enabled podman-restart.service; }
    run restarts restarts
  fi
  own() { [ -S "\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/bus" ]; }
  run own own
  lingers() { [ -e "/var/lib/systemd/linger/$(id -un)" ]; }
  run lingers lingers
fi
for g in /usr/lib/systemd/system-generators/podman-system-generator /usr/libexec/podman/quadlet /usr/lib/podman/quadlet; do
  if [ -x "$g" ]; then run quadlet echo "$g"; fi
done
if [ -r /proc/sys/net/ipv4/ip_unprivileged_port_start ]; then run low-ports cat /proc/sys/net/ipv4/ip_unprivileged_port_start; fi
`;

/** Arguments: engine, container, image, data, whether the registry is asked. Reads only. */
export const targetScript = `# data, containers, image
${frame}
E=$1 N=$2 I=$3 D=$4 A=$5
data() {
  p=$D
  if [ -d "$p" ]; then
    echo directory
    stat -c '%u:%g %a' "$p"
    if [ -w "$p" ]; then echo writable; else echo fixed; fi
    for c in "$p"/* "$p"/.[!.]*; do if [ -e "$c" ]; then stat -c '%u:%g %n' "$c"; fi; done
  elif [ -e "$p" ]; then echo other
  else
    echo absent
    while [ ! -e "$p" ] && [ "$p" != / ]; do
      printf '%s\\n' "$p"
      p=\${p%/*}
      [ -n "$p" ] || p=/
    done
    if [ -w "$p" ]; then echo writable; else echo fixed; fi
  fi
}
case $D in
/*)
  run data data
  run disk $T df -Pk "$p"
  ;;
*) run volume $T "$E" volume inspect "$D" ;;
esac
run container $T "$E" container inspect "$N"
run previous $T "$E" container inspect "$N-prev"
run image $T "$E" image inspect "$I"
if [ "$A" = ask ] && [ "$s" -ne 0 ]; then run digest $T "$E" buildx imagetools inspect --format '{{json .Manifest}}' "$I"; fi
`;

/**
 * Arguments: whose systemd (system, user), service, path of its unit, path of its quadlet, `root` when sudo may be used, then
 * files that the container reads. Reads only.
 */
export const unitScript = `# units, files
${frame}
S=$1 N=$2 A=$3 B=$4 R=
if [ "$5" = root ]; then R='sudo -n'; fi
shift 5
if [ "$S" = user ]; then
  XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}; export XDG_RUNTIME_DIR
  U=--user
else U=--system; fi
unit() { if [ -e "$1" ]; then echo there; base64 < "$1"; else echo absent; fi; }
run systemd unit "$A"
run quadlet unit "$B"
if [ -d /run/systemd/system ]; then
  run active $T systemctl $U is-active "$N"
  run enabled $T systemctl $U is-enabled "$N"
fi
for f do run file $R stat -c '%u:%g %a %F' -- "$f"; done
`;
