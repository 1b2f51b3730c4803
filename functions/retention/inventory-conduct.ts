// More than 300 lines: every attribute of every kind of item has a line.
/** The core table: how an account stands and why, what is seen of its use, how service to it ends, and what stays then. Pure data. */
import { PAST_DAYS } from '../catalogue/risk-rules.ts';
import { REPORTED_YEARS } from '../catalogue/terminations.ts';
import { attributes, type ItemKind, KEPT, notOfOwner, ofAccount } from './inventory.ts';

const ACCOUNT = { table: 'core', pk: 'ACCOUNT#', found: ofAccount } as const;
/** Of cases. */
const REPORTED = `as long as the account; where an authority was told of it, ${REPORTED_YEARS} years after the account`;
const TTL = 'expiresAt- When it is removed by itself.';

/** What violations and measures have alike. */
const FINDING = `
  id# Its id.
  state Whether it counts, or was lifted.
  liftedAt When it was lifted.
  liftReason" Why, in words that you are told.
  rectifyBy By when it is to be put right.
  rectifiedAt When it was noted that it was.
  rectifyReason" What was noted then.
  followedBy# The measure that followed as that date passed.
`;
const APPEAL = `
  accountId# The account.
  subject# The violation or measure that it is against.
  text" What you wrote.
  createdAt When you appealed.
  state Whether it is open, upheld or rejected.
  reason" Why, in words that you are told.
  decidedBy# One of our staff, who decided it.
  decidedAt When it was decided.
`;
const CASE = `
  caseId# Its id.
  accountId# The account.
  ofKey# The key whose use it is of.
  rule The rule that was met.
  clause The clause of the terms behind that rule.
  seen What was seen: numbers of calls, networks, refusals and the like.
  did What was done about it by itself.
  declaredUse What you said that you use the service for, by category.
  violationId# The violation that was recorded with it.
  from From when on it was seen.
  to Until when.
  createdAt When it was opened.
  state Whether it is open, and how it was decided.
  reason" Why it was decided so, in words that you are told.
  decidedBy# Who decided it: one of our staff, or one of yours.
  decidedAt When it was decided.
`;

export const CONDUCT_KINDS: readonly ItemKind[] = [
  {
    ...ACCOUNT,
    sk: 'STANDING',
    about: 'What the standing of your account is made of.',
    why: ['security'],
    from: ['service', 'staff'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.account,
    folder: 'standing',
    attributes: attributes(`
      revision How often it was changed.
      points Points of violations, by the day of what was done and the days in which they end.
      measures Warnings, restrictions and suspensions in force.
      terminatedAtMs When it was decided that service to the account ends.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'VIOLATION#',
    about: 'Violations of the terms that were recorded.',
    why: ['security', 'notice'],
    from: ['service', 'staff'],
    seenBy: ['you', 'reviewers'],
    kept: '3 years, or as long as the account where that is shorter',
    folder: 'violations',
    attributes: attributes(`
      ${FINDING}
      reportId-# The id by which whatever reported it knows it.
      category Of what kind it is.
      severity How grave it is.
      evidence" What was seen; never the text or file that it was seen in.
      source Which part of the service reported it.
      at When it was done.
      recordedAt When it was recorded.
      points Its points.
      day The day from which they are counted.
      decayDays The days in which they end.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'REPORTED#',
    about: 'That an act was reported, under a hash of its id, so that it counts once.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: '3 years, or as long as the account where that is shorter',
    attributes: attributes(`
      violationId# The violation that was recorded.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'MEASURE#',
    about: 'Warnings, restrictions and suspensions: what was decided, and why.',
    why: ['security', 'notice'],
    from: ['staff', 'service'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.account,
    folder: 'measures',
    attributes: attributes(`
      ${FINDING}
      step What it sets the standing to.
      untilMs Until when.
      restriction What exactly it takes away.
      cause# What was not put right in time, where it follows from that.
      reason" Why, in words that you are told.
      decidedBy# One of our staff, or the service where it followed by itself.
      decidedAt When it was decided.
      terms- The same in one text, so that a decision that is sent again is the same.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'APPEAL#',
    about: 'Your appeals against violations and measures, and what was decided.',
    why: ['security'],
    from: ['you', 'staff'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.account,
    folder: 'appeals',
    attributes: attributes(APPEAL),
  },
  {
    table: 'core',
    pk: 'APPEALS_OPEN',
    sk: '',
    about: 'Appeals that wait for a decision, in the order in which they came.',
    why: ['security'],
    from: ['you'],
    seenBy: ['reviewers'],
    kept: 'until a day after the decision, or as long as the account',
    found: notOfOwner,
    attributes: attributes(`
      ${APPEAL}
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'RECTIFY_DUE',
    sk: '',
    about: 'Dates by which violations and measures are to be put right.',
    why: ['security', 'notice'],
    from: ['service', 'staff'],
    seenBy: ['nobody'],
    kept: '400 days after it is put right, lifted or followed, or as long as the account',
    found: notOfOwner,
    attributes: attributes(`
      accountId# The account.
      subject# The violation or measure.
      by By when.
      doneAt When it was done with.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'TERMINATION_ORDER',
    about: 'That one of our staff proposed to end service to the account for its standing, and another agreed.',
    why: ['security'],
    from: ['staff'],
    seenBy: ['reviewers'],
    kept: 'a week; where another agreed, as long as the account',
    attributes: attributes(`
      terms" What is proposed, and why.
      firstBy# Who proposed it.
      secondBy# Who agreed.
      expiresAtMs Until when another can agree.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'USE#',
    about: 'How the account and each of its keys are used, in numbers and hashes, to notice use that is not yours.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: `60 days after the last use; in it, two windows of a day at most, and the highest numbers of each of the last ${PAST_DAYS} days`,
    attributes: attributes(`
      revision How often it was changed.
      profile# How many calls, starts, refusals and the like, and short hashes of networks and programs.
      raised When each rule was met last.
      excused Until when a rule does not count, as a person said that such use is usual here.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'CASE#',
    sk: 'CASE',
    about:
      'Use that met a rule, for a person to look at. You find what was seen with your key, violation, audit trail and e-mail.',
    why: ['security'],
    from: ['service', 'staff', 'you'],
    seenBy: ['reviewers'],
    kept: REPORTED,
    found: notOfOwner,
    attributes: attributes(`
      ${CASE}
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'CASE#',
    about: 'Which such cases there are of the account, so that they go with it.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes(`
      caseId# The case.
      createdAt When it was opened.
    `),
  },
  {
    table: 'core',
    pk: 'CASES_OPEN',
    sk: '',
    about: 'Such cases that wait for a decision, in the order in which they came.',
    why: ['security'],
    from: ['service'],
    seenBy: ['reviewers'],
    kept: 'until a day after the decision, or as long as the account',
    found: notOfOwner,
    attributes: attributes(`
      ${CASE}
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'CASE#',
    sk: 'REPORT#',
    about: 'Reports about such a case that were prepared for an authority, as they were prepared.',
    why: ['law'],
    from: ['service', 'staff'],
    seenBy: ['reviewers'],
    kept: REPORTED,
    found: notOfOwner,
    attributes: attributes(`
      reportId# Its id.
      caseId# The case.
      authority For which authority it is.
      preparedBy# One of our staff, who prepared it.
      preparedAt When.
      text! The report: the case, the name, e-mail address and country of the account, and its audit trail of that time.
      sha256 The hash of the report.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'TERMINATION#',
    sk: 'TERMINATION',
    about: 'The end of service to your account: who asked for it, how far it is, and its certificate.',
    why: ['service', 'security', 'law'],
    from: ['you', 'staff', 'service'],
    seenBy: ['you', 'reviewers'],
    kept: `${KEPT.accountable}, then without who asked for it and why`,
    folder: 'termination',
    found: { by: 'key', key: ({ accountId }) => ({ pk: `TERMINATION#${accountId}`, sk: 'TERMINATION' }) },
    // What one of staff thinks is nothing yet.
    isShown: ({ terminationState }) => terminationState !== 'proposed',
    attributes: attributes(`
      terminationId# Its id.
      accountId# The account.
      cause Why service ends.
      terminationState How far it is.
      reason" Why, in words.
      requestedBy# Who asked for it or proposed it.
      requestedAt When.
      decidedBy# One of our staff, who decided it.
      decidedAt When it was decided.
      closesAt When calls are to end.
      closedAt When calls ended.
      exportUntil Until when you can export.
      purgeStartedAt When deletion began.
      lastPassAt When it is looked for the last time for what came late.
      certifiedAt When it was certified.
      certificateId# The certificate of what went and what stayed.
      statusBefore What the account was before.
      mailId# The last e-mail about it.
      phase What deletion is at.
      cursor- Where in that it is.
      dueAt When something is to be done next.
      revision How often it was changed.
      holdsRevision How often holds on the account were changed.
      pageUntil Until when a page of files is being deleted.
      gatewayKeyIds-# Keys of its usage plans at the gateway, which are gone.
      rows How many records went, by kind.
    `),
  },
  {
    table: 'core',
    pk: 'PURGE#',
    sk: 'OBJECTS#',
    about: 'Which files were deleted with an account, until their certificate says it.',
    why: ['law'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: 'until the certificate is issued',
    found: notOfOwner,
    attributes: attributes(`
      bucketClass What their bucket is for.
      versions# Names, sizes and hashes of the files, without what was in them.
    `),
  },
  {
    table: 'core',
    pk: 'HOLD#',
    sk: '',
    about: 'What must not be deleted, as a dispute, a complaint or the law wants it kept.',
    why: ['law'],
    from: ['staff'],
    seenBy: ['reviewers'],
    kept: `${KEPT.accountable}, then without why and of what`,
    found: notOfOwner,
    attributes: attributes(`
      holdId# Its id.
      accountId# The account.
      kind What it keeps: all, the ledger, or one video, upload or document.
      targetId# Which one.
      reason" Why.
      placedBy# One of our staff, who placed it.
      placedAt When.
      liftedBy# One of our staff, who lifted it.
      liftedAt When.
    `),
  },
  {
    table: 'core',
    pk: 'OFFENDER#',
    sk: 'OFFENDER',
    about:
      'That an account was ended for violations: a hash of its e-mail address that nobody can compute without our key, and nothing else.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: '10 years after the account, which is how long it may matter to a claim',
    found: notOfOwner,
    attributes: attributes(TTL),
  },
  {
    table: 'core',
    pk: 'SERVICE_END',
    sk: 'SERVICE_END',
    about: 'The end of the whole service, should it come: nothing in it is of one account.',
    why: ['service'],
    from: ['staff'],
    seenBy: ['reviewers'],
    kept: 'as long as the service',
    found: notOfOwner,
    attributes: attributes(`
      state How far it is.
      reason Why.
      closesAt When calls end.
      wave How many accounts a minute it comes to.
      proposedBy# One of our staff, who proposed it.
      decidedBy# Another, who agreed.
      ended How many accounts it has come to.
      cursor# The account after which it goes on.
      revision How often it was changed.
    `),
  },
];
