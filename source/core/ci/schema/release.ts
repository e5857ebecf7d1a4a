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
  if (node.kind !== 'mapping') return;
  const url = textOf(get(node, 'url'));
  if (isNull(get(node, 'url')) || url?.trim() === '') report.add(place, "url can't be blank", node);
  else if (url !== undefined && !url.includes('$') && !/^https?:\/\/./i.test(url))
    report.add(place, 'url is blocked: Only allowed schemes are http, https', node);
};

const links: Check = (node, place, report) => {
  const listed = node.kind === 'sequence' && node.items.every((item) => item.kind === 'mapping');
  if (node.kind !== 'sequence' || !listed)
    return report.add(place, 'links should be an array of hashes', node);
  if (node.items.length === 0) report.add(place, "links can't be blank", node);
  for (const item of node.items) link(item, `${place}:links:link`, report);
};

const assets: Check = (node, place, report) => {
  hash({ others: ['links'] })(node, place, report);
  const listed = get(node, 'links');
  if (listed && !isNull(listed)) links(listed, place, report);
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
    entries: { assets },
  });
  if (node.kind !== 'mapping') return;
  for (const key of ['tag_name', 'description']) {
    if (isNull(get(node, key))) report.add(place, `${key.replace('_', ' ')} can't be blank`, node);
  }
};
