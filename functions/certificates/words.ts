/** What a certificate says, in sentences that need no explanation. Pure. */
import type { Certificate } from './certificate.ts';

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export function subjectWords({ subject }: Certificate): string {
  return subject.kind === 'account' ? 'an account with all that it had' : `the video ${subject.video_id}`;
}

export function sectionsOf(certificate: Certificate): readonly Section[] {
  const { deleted, manifest, stayed, backups, started_at, ended_at, cause, subject } = certificate;
  const objects = deleted.objects.map(
    ({ bucket, versions, bytes }) => `${many(versions, 'version')} of objects in ${bucket}, ${many(bytes, 'byte')}`,
  );
  const rows = deleted.rows.map(({ table, of, count }) => `${count} x ${of}, in the table ${table}`);
  const other = deleted.other.map(({ what, count }) => `${count} x ${what}`);
  const gone = [...objects, ...rows, ...other];
  return [
    {
      title: 'What was deleted',
      lines: [
        `${sentence(subjectWords(certificate))}: ${cause}.`,
        `It began at ${started_at}; at ${ended_at} everything was looked for again, and gone.`,
        ...(gone.length > 0 ? gone : ['Nothing: there was nothing left.']),
        ...(manifest.lines > 0
          ? [
              `Each of the ${many(manifest.lines, 'version')} is a line of the manifest, whose root is ${manifest.root}.`,
            ]
          : []),
        `Its account is the one whose id gives ${subject.account_sha256} as SHA-256 behind the id of this certificate and a space.`,
      ],
    },
    {
      title: 'What stayed',
      lines: [
        ...stayed.map(({ what, rule, until }) => `${what}: ${rule}${until === null ? '' : `, until ${until}`}.`),
        ...(stayed.length > 0 ? [] : ['Nothing.']),
      ],
    },
    {
      title: 'Backups',
      lines: [`${sentence(backups.what)} reach back ${backups.days} days: past ${backups.until} none has it any more.`],
    },
  ];
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
