import { get, isNull, textOf, textsOf } from '../yaml/node.ts';
import { type Check, hash, notTogether } from './report.ts';
import { boolean, duration, oneOf, string, strings, stringsOrString } from './values.ts';

const reportNames = [
  'junit',
  'codequality',
  'sast',
  'secret_detection',
  'dependency_scanning',
  'container_scanning',
  'dast',
  'performance',
  'browser_performance',
  'load_performance',
  'license_scanning',
  'metrics',
  'lsif',
  'scip',
  'dotenv',
  'terraform',
  'accessibility',
  'coverage_fuzzing',
  'api_fuzzing',
  'cluster_image_scanning',
  'requirements',
  'requirements_v2',
  'cyclonedx',
  'annotations',
  'repository_xray',
  'sarif',
];

const coverageReport: Check = (node, place, report) => {
  hash({
    attributes: {
      coverage_format: oneOf(['cobertura', 'jacoco'], 'must be one of supported formats: cobertura, jacoco.'),
      path: string.attribute,
    },
  })(node, place, report);
  if (node.kind !== 'mapping') return;
  for (const key of ['coverage_format', 'path']) {
    if (isNull(get(node, key))) report.add(place, `${key.replace('_', ' ')} can't be blank`, node);
  }
};

const reports: Check = hash({
  entries: { coverage_report: coverageReport },
  attributes: Object.fromEntries(reportNames.map((name) => [name, stringsOrString.attribute])),
});

const exposeAs: Check = (node, place, report) => {
  const text = textOf(node);
  if (text === undefined) return report.add(place, 'should be a string', node);
  if (text.length > 100) report.add(place, 'is too long (maximum is 100 characters)', node);
  if (!/^\w[\w -]*$/.test(text)) {
    report.add(place, "can contain only letters, digits, '-', '_' and spaces", node);
  }
};

export const artifacts: Check = (node, place, report) => {
  hash({
    entries: { reports },
    attributes: {
      name: string.attribute,
      untracked: boolean.attribute,
      paths: strings.attribute,
      exclude: strings.attribute,
      expose_as: exposeAs,
      public: boolean.attribute,
      access: oneOf(['none', 'developer', 'maintainer', 'all']),
      when: oneOf(['on_success', 'on_failure', 'always']),
      expire_in: duration(undefined, '', ['never']),
    },
  })(node, place, report);
  notTogether(node, place, report, 'public', 'access');
  if (isNull(get(node, 'expose_as'))) return;
  const paths = get(node, 'paths');
  if (paths === undefined || isNull(paths) || (paths.kind === 'sequence' && paths.items.length === 0))
    report.add(place, "paths can't be blank", node);
  if (textsOf(paths).some((path) => path.includes('*'))) {
    report.add(place, "paths can't contain '*' when used with 'expose_as'", node);
  }
};
