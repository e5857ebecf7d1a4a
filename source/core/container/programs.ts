/** Programs of busybox, and words of a shell, that the builders' images have. */
export const common: ReadonlySet<string> = new Set(
  `. : [ awk base64 basename break cat cd chmod continue cp cut date dirname echo env eval exit export false find grep gunzip
  gzip head local ls md5sum mkdir mktemp mv printf pwd read readonly return rm sed set sh sha256sum shift sleep sort source
  tail tar tee test touch tr trap true umask uniq unset unzip wc which xargs`.split(/\s+/),
);
