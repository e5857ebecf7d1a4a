/** What GitLab puts behind the name of a parallel or matrix job: ` 1/3`, `: [linux, amd64]`. */
const suffix = /[\s:]+(?:\[[^\n]*\]|\d+[\s:/\\]+\d+)\s*$/;

/** The name under which GitLab's pipeline graph puts parallel and matrix jobs together (`Ci::Build#group_name`). */
export function groupName(job: string): string {
  let name = job;
  for (let times = 0; times < 3; times += 1) {
    const at = suffix.exec(name)?.index;
    if (at === undefined || at === 0) break;
    name = name.slice(0, at);
  }
  return name.trim();
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/** As people count: `test 2/10` before `test 10/10`. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
