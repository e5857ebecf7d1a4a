/**
 * What is asked of a host, as portable shell: each script reads only, frames each command with the mark that is its first
 * argument, and goes on when a program is missing. What may hang is ended on the host itself where it has `timeout`: sshd
 * lets no one signal the commands of root.
 */
export const frame = `M=$1; shift
LC_ALL=C; export LC_ALL
PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin:/run/current-system/sw/bin:/opt/homebrew/bin; export PATH
has() { command -v "$1" >/dev/null 2>&1; }
T=; if timeout 1 true 2>/dev/null; then T='timeout 9'; fi
run() { n=$1; shift; printf '%s %s\\n' "$M" "$n"; "$@" 2>&1; s=$?; printf '\\n%s = %s\\n' "$M" "$s"; }
`;

export const systemScript = `# kernel, load, clock, listening ports
${frame}
kernel() { uname -s; uname -r; uname -m; }
load() {
  if [ -r /proc/loadavg ]; then cat /proc/loadavg; else sysctl -n vm.loadavg 2>/dev/null || uptime; fi
  getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || sysctl -n hw.ncpu
}
ports() {
  if has ss; then echo ss; $T ss -ltnp
  elif has netstat; then echo netstat; netstat -ltnp 2>/dev/null || netstat -an -p tcp
  elif [ -r /proc/net/tcp ]; then echo proc; cat /proc/net/tcp; [ ! -r /proc/net/tcp6 ] || cat /proc/net/tcp6
  else echo 'no ss, no netstat, no /proc/net/tcp'; return 127; fi
}
run clock date -u +%s.%N
run kernel kernel
run load load
run ports ports
`;

/** Its arguments are paths; for one that does not exist the nearest folder above it is measured. */
export const diskScript = `# file systems
${frame}
disk() { printf '%s\\n' "$1"; $T df -Pk "$1"; }
for p do
  q=$p
  while [ ! -e "$q" ] && [ "$q" != / ]; do
    case $q in */*) q=\${q%/*} ;; *) q=/ ;; esac
    [ -n "$q" ] || q=/
  done
  run disk disk "$q"
done
`;

export const dockerScript = `# docker version, docker ps
${frame}
has docker || { run absent :; exit 0; }
run version $T docker version --format '{{.Server.Version}}'
[ "$s" -ne 0 ] || run containers $T docker ps -a --format '{{json .}}'
`;

export const podmanScript = `# podman version, podman ps
${frame}
has podman || { run absent :; exit 0; }
run version $T podman version --format '{{.Client.Version}}'
[ "$s" -ne 0 ] || run containers $T podman ps -a --format json
`;

export const tailscaleScript = `# tailscale status
${frame}
has tailscale || { run absent :; exit 0; }
run status $T tailscale status --json
`;
