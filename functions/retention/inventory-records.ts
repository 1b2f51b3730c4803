/** The tables beside the core: videos and uploads, the ledger, repeated calls, the audit trail and its seals. Pure data. */
import { attributes, type ItemKind, KEPT, notOfOwner, ofOwner } from './inventory.ts';

const JOBS = { table: 'jobs', pk: 'acct_', found: ofOwner } as const;
const TTL = 'expiresAt- When it is removed by itself.';
const ENDS = `
  keptUntilMs Until when it is kept.
  openShard- Where it is found when something is due.
  dueAt- When something is due.
`;
const STORED = `
  accountId# The account.
  objectKey-# Where its bytes are.
  contentType What its bytes are.
  bytes Its size.
  createdAt When it was uploaded.
  width Its width.
  height Its height.
  ${ENDS}
`;

export const RECORD_KINDS: readonly ItemKind[] = [
  {
    ...JOBS,
    sk: 'JOB#',
    about: 'A video, or an image, that was made: what you asked for and what became of it.',
    why: ['service', 'money', 'support'],
    from: ['you', 'service'],
    seenBy: ['you', 'support'],
    kept: KEPT.media,
    folder: 'videos',
    attributes: attributes(`
      accountId# The account.
      jobId# Its id.
      state How far it is.
      request" What was asked for: texts, images, video and settings.
      credits What it cost, or holds.
      keyId# The key or person that started it.
      spendKeyHash- The hash of the key whose spend limit paid.
      plan The plan when it was started.
      retentionDays How many days its files are kept.
      createdAt When it was started.
      updatedAt When it changed last.
      endedAt When it ended.
      attempt How many workers began it.
      failures How many of these failed.
      progress How far it is, in per cent.
      timeline What became of it, step by step.
      deadlineAt When it had to be finished.
      metadata" The pairs that you keep with it.
      deliverable" Its files by hash and size.
      made" The same, before it was delivered.
      kept" Its video, while other videos are made of it.
      usedBy# Videos that are being made of it.
      certificateId# The certificate of its deletion.
      deletion Its files by their hashes, until that certificate is issued.
      failure Why it failed.
      failureCode The same, for programs.
      endedAs How it had ended before it was deleted.
      function What made it.
      model Which model made it.
      quality In which quality.
      durationSeconds How long it is.
      startedShard- Where reports find it by its start.
      endedShard- Where reports find it by its end.
      ${ENDS}
    `),
  },
  {
    ...JOBS,
    sk: 'IMAGE#',
    about: 'An image that you uploaded, or sent with a call.',
    why: ['service'],
    from: ['you'],
    seenBy: ['you'],
    kept: 'until it ends; the empty place of it some days longer',
    folder: 'images',
    attributes: attributes(`
      imageId# Its id.
      ${STORED}
      ${TTL}
    `),
  },
  {
    ...JOBS,
    sk: 'MEDIA#',
    about: 'Video or audio that you uploaded, or sent with a call.',
    why: ['service'],
    from: ['you'],
    seenBy: ['you'],
    kept: 'until it ends; the empty place of it some days longer',
    folder: 'media',
    attributes: attributes(`
      mediaId# Its id.
      mediaType Video or audio.
      durationSeconds How long it is.
      hasAudio Whether it has sound.
      ${STORED}
      ${TTL}
    `),
  },
  {
    ...JOBS,
    sk: 'SPEAKERS',
    about: 'Speakers that you made of your own audio.',
    why: ['service'],
    from: ['you'],
    seenBy: ['you'],
    kept: KEPT.account,
    folder: 'speakers',
    attributes: attributes('speakers" Their names and the audio that they are of.'),
  },
  {
    ...JOBS,
    sk: 'MASKS#',
    about: 'Which video looked for the masks of a frame.',
    why: ['service'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes('jobId# That video.'),
  },
  {
    ...JOBS,
    sk: 'PAIR#',
    about: 'Which videos have a pair of your metadata, under a hash of the pair.',
    why: ['service'],
    from: ['you'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes('jobId# The video.'),
  },
  {
    ...JOBS,
    sk: 'EVENT#',
    about: 'What happened to a video or to the account, for who reports it.',
    why: ['service'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.days30,
    attributes: attributes(`
      eventId# Its id.
      type What happened.
      jobId# The video.
      detail# What happened to the account: ids of ours, and of its end the reason.
      at When.
      ${TTL}
    `),
  },
  {
    table: 'ledger',
    pk: 'acct_',
    sk: '',
    about: 'Entries of credits and money.',
    why: ['money'],
    from: ['service', 'provider', 'staff'],
    seenBy: ['you', 'finance', 'support'],
    kept: KEPT.books,
    folder: 'ledger',
    found: ofOwner,
    attributes: attributes(`
      id# Its id.
      kind What it is.
      postings Credits from where to where.
      jobId# The video that it is of.
      function What made that.
      model With which model.
      keyId# The key or person that started it.
      plan The plan at that time.
      money What was paid, and what the payment is found by.
      reason Why a person booked it.
      reference# What that person finds it by.
      corrects# The entry that it takes back or ends.
      expiresOn When what is left of it ends.
      bookedAt When it was booked.
      bookedShard- Where reports find it by its day.
    `),
  },
  {
    table: 'idempotency',
    pk: 'acct_',
    sk: '',
    about: 'Calls with an idempotency key, so that one that is sent again is the same call.',
    why: ['service'],
    from: ['you'],
    seenBy: ['nobody'],
    kept: KEPT.day,
    found: notOfOwner,
    attributes: attributes(`
      accountId# The account.
      jobId# The video that it started.
      credits What that costs.
      purchaseId# The purchase that it began.
      keyId# The key that it made.
      requestHash- A hash of the call.
      ${TTL}
    `),
  },
  {
    table: 'audit',
    pk: 'acct_',
    sk: 'EVENT#',
    about: 'The audit trail: what was done and what was refused, by whom and from where.',
    why: ['security'],
    from: ['you', 'service', 'staff'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.trail,
    folder: 'audit',
    found: ofOwner,
    attributes: auditAttributes(),
  },
  {
    table: 'audit',
    pk: 'platform',
    sk: 'EVENT#',
    about: 'The same of the platform as a whole: what staff searched for, and months that finance closed.',
    why: ['security'],
    from: ['service', 'staff'],
    seenBy: ['reviewers'],
    kept: KEPT.trail,
    found: notOfOwner,
    attributes: auditAttributes(),
  },
  {
    table: 'audit',
    pk: 'CALLS#',
    sk: 'EVENT#',
    about: 'Calls that changed nothing, with the address that they came from.',
    why: ['security', 'support'],
    from: ['you'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.days90,
    folder: 'calls',
    found: { by: 'partition', partition: accountId => `CALLS#${accountId}` },
    attributes: auditAttributes(),
  },
  {
    table: 'seals',
    pk: '',
    sk: 'SEAL#',
    about: 'Hashes that chain the audit trail, so that nobody changes it unseen.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.accountable,
    found: notOfOwner,
    attributes: attributes(`
      accountId# The account.
      number Which one it is.
      previous The hash before.
      events# Events by their hashes.
      sealedAt When.
      hash Its own hash.
    `),
  },
  {
    table: 'seals',
    pk: '',
    sk: 'HEAD',
    about: 'The last of these hashes.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.accountable,
    found: notOfOwner,
    attributes: attributes(`
      number Which one it is.
      hash The hash.
      lastSequence How far the trail was read.
    `),
  },
];

function auditAttributes() {
  return attributes(`
    eventId# Its id.
    accountId# The account.
    at When.
    action What was done.
    actorKind Whether a key, a person or the service did it.
    actorId# Which.
    address! The network address that it came from.
    client! What the program says of itself.
    subject# What it was done to.
    reason" Why, as a person wrote it or a refusal has it.
    requestId# The id that the call was answered with.
    detail What changed, in few plain values.
    erasedHash- The hash of what it was, where its account was erased.
    ${TTL}
  `);
}
