/** A lifecycle rule as GetBucketLifecycleConfiguration answers it. Pure. */
import type { XmlNode } from '../protocols/xml.ts';
import type { LifecycleRule } from './lifecycle-rules.ts';

export function ruleDocument(rule: LifecycleRule): XmlNode {
  const tags = (rule.TagFilters ?? []).map(
    ({ Key, Value }): XmlNode => [
      'Tag',
      [
        ['Key', Key],
        ['Value', Value],
      ],
    ],
  );
  const filters: XmlNode[] = [
    ['Prefix', rule.Prefix],
    ...tags,
    ['ObjectSizeGreaterThan', rule.ObjectSizeGreaterThan],
    ['ObjectSizeLessThan', rule.ObjectSizeLessThan],
  ];
  const given = filters.filter(([, content]) => content !== undefined);
  const filter: XmlNode[] = given.length > 1 ? [['And', given]] : given.length === 1 ? given : [['Prefix', '']];
  const noncurrent = rule.NoncurrentVersionExpiration;
  const noncurrentDays = noncurrent?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays;
  const expiration: XmlNode[] = [
    ['Days', rule.ExpirationInDays],
    ['Date', rule.ExpirationDate],
    ['ExpiredObjectDeleteMarker', rule.ExpiredObjectDeleteMarker],
  ];
  return [
    'Rule',
    [
      ['ID', rule.Id],
      ['Status', rule.Status],
      ['Filter', filter],
      ['Expiration', expiration.some(([, content]) => content !== undefined) ? expiration : undefined],
      [
        'NoncurrentVersionExpiration',
        noncurrentDays === undefined
          ? undefined
          : [
              ['NoncurrentDays', noncurrentDays],
              ['NewerNoncurrentVersions', noncurrent?.NewerNoncurrentVersions],
            ],
      ],
      ...[...(rule.Transitions ?? []), ...[rule.Transition ?? []].flat()].map((step): XmlNode => {
        return [
          'Transition',
          [
            ['Days', step.TransitionInDays],
            ['Date', step.TransitionDate],
            ['StorageClass', step.StorageClass],
          ],
        ];
      }),
      ...[...(rule.NoncurrentVersionTransitions ?? []), ...[rule.NoncurrentVersionTransition ?? []].flat()].map(
        (step): XmlNode => {
          const newer: XmlNode = ['NewerNoncurrentVersions', step.NewerNoncurrentVersions];
          return [
            'NoncurrentVersionTransition',
            [['NoncurrentDays', step.TransitionInDays], newer, ['StorageClass', step.StorageClass]],
          ];
        },
      ),
      [
        'AbortIncompleteMultipartUpload',
        rule.AbortIncompleteMultipartUpload && [
          ['DaysAfterInitiation', rule.AbortIncompleteMultipartUpload.DaysAfterInitiation],
        ],
      ],
    ],
  ];
}
