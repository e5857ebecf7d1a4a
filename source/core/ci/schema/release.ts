import { get, isNull, textOf } from '../yaml/node.ts';
import { type Check, checkKeys, hash } from './report.ts';
import { oneOf, string, stringsOrString } from './values.ts';

const link: Check = (node, place, report) => {
  checkKeys(node, place, report, {
    attributes: {
      name: string.attribute,
      url: string.attribute,
      filepath: string.attribute,
      link_type: oneOf(['other', 'runbook', 'image', 'package']),
    },
  });
  if (node.kind === 'mapping' && isNull(get(node, 'url'))) report.add(place, "url can't be blank", node);
};

const links: Check = (node, place, report) => {
  if (node.kind !== 'sequence') return report.add(place, 'config should be an array', node);
  for (const item of node.items) link(item, `${place}:link`, report);
};

const releasedAt: Check = (node, place, report) => {
  const text = textOf(node);
  if (text === undefined || (!text.includes('$') && Number.isNaN(Date.parse(text)))) {
    report.add(place, 'must be a valid datetime', node);
  }
};

/** `release` of a job. */
export const release: Check = (node, place, report) => {
  checkKeys(node, place, report, {
    attributes: {
      tag_name: string.attribute,
      tag_message: string.attribute,
      name: string.attribute,
      description: string.attribute,
      ref: string.attribute,
      milestones: stringsOrString.attribute,
      released_at: releasedAt,
    },
    entries: { assets: hash({ entries: { links } }) },
  });
  if (node.kind !== 'mapping') return;
  for (const key of ['tag_name', 'description']) {
    if (isNull(get(node, key))) report.add(place, `${key.replace('_', ' ')} can't be blank`, node);
  }
};
