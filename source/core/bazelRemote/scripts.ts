import { frame } from '../host/scripts.ts';

/** Who logs in, whether sudo asks for nothing, all file systems, SELinux, own addresses. Reads only. */
export const placeScript = `# user, sudo, file systems, SELinux, addresses
${frame}
who() { id -u; id -g; printf '%s\\n' "$HOME"; }
run who who
run sudo $T sudo -n true
run mounts $T df -Pk
if has getenforce; then run selinux getenforce; fi
if has ip; then run addresses ip -o addr show; else run addresses hostname -I; fi
if has openssl; then run openssl openssl version; fi
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
