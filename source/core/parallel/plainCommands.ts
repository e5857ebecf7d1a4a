import type { Line } from './text.ts';

/** Commands that read no file of the workspace but those that they name. */
const plain = new Set(
  `echo printf curl wget sleep true false exit export set unset test [ [[ cat ls cp mv rm mkdir chmod touch ln tar unzip zip
  gzip gunzip xz sha256sum sha512sum shasum md5sum head tail cut tr grep egrep sed awk sort uniq wc jq base64 openssl date env
  apk apt-get apt dnf yum brew dpkg id whoami uname hostname which command trap return shift eval read local declare codesign
  productsign pkgbuild security xcrun spctl lipo trivy grype syft cosign crane skopeo release-cli gpg install basename dirname
  nproc df du free until : source . update-ca-certificates`.split(/\s+/),
);
const leading = /^(?:(?:if|then|else|elif|while|until|do|!|\{|\}|time|sudo|exec)\s+|[A-Za-z_]\w*=\S*\s*)+/;
const structure = /^(?:fi|done|esac|then|else|do|\{|\}|for\s.*|case\s.*|\)|in)?$/;
const engines =
  /^(?:docker|podman|nerdctl|buildah)\s+(?:image\s+|manifest\s+|system\s+)?(?:pull|push|tag|login|logout|info|version|inspect|images|rmi|create|annotate|prune)\b/;

/** Whether a script reads from its workspace only what its own lines name: no tool that looks around, no other folder. */
export function readsOnlyWhatItNames(script: readonly Line[]): boolean {
  return script.length > 0 && script.every(({ text }) => commandsOf(text).every(isPlain));
}

function commandsOf(line: string): string[] {
  return line
    .replace(/\d?>&\d?|&>>?/g, '>')
    .replace(/"(?:[^"\\$`]|\\.)*"|'[^']*'/g, (quoted) => quoted.replace(/[;|&()\n]/g, '_'))
    .split(/&&|\|\||[;|&]|\$\(|`|<\(/)
    .map((part) => part.replace(/[()]/g, ' ').trim())
    .filter((part) => part !== '');
}

function isPlain(command: string): boolean {
  if (structure.test(command)) return true;
  const bare = command.replace(leading, '').trim();
  if (bare === '' || structure.test(bare)) return true;
  if (engines.test(bare)) return true;
  const [word = '', ...rest] = bare.split(/\s+/);
  const name = word.replace(/["']/g, '').replace(/^.*\//, '');
  if (!plain.has(name)) return /^[>"'$]/.test(word) && rest.length === 0 && !/^\.?\//.test(word);
  // A folder as a whole, or a pattern at its top, may be anything.
  if (rest.some((one) => /^["']?(?:\.\/?|\.\/\*+|\*+\S*|\$PWD\/?|\$CI_PROJECT_DIR\/?)["']?$/.test(one)))
    return false;
  if (/^(?:grep|ls|cat|tar|cp|zip|du|rm)$/.test(name))
    return !/^(?:grep\s.*-\w*[rR]|ls(?:\s+-\w+)*$)/.test(bare) || name === 'ls';
  return !(name === 'trivy' && /\b(?:fs|config|repo|rootfs)\b/.test(bare));
}
