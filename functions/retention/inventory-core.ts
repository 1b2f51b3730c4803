// More than 300 lines: every attribute of every kind of item of the core table has a line.
/** The core table: accounts, people, keys, money that comes in, what they were told. Pure data. */
import { attributes, type ItemKind, KEPT, notOfOwner, ofAccount } from './inventory.ts';

const ACCOUNT = { table: 'core', pk: 'ACCOUNT#', found: ofAccount } as const;
const TTL = 'expiresAt- When it is removed by itself.';

export const CORE_KINDS: readonly ItemKind[] = [
  {
    ...ACCOUNT,
    sk: 'ACCOUNT',
    about: 'Your account: who you are, your plan, your credits and your decisions.',
    why: ['service', 'qualification', 'money', 'security', 'consent'],
    from: ['you', 'service', 'staff'],
    seenBy: ['you', 'support', 'reviewers', 'finance'],
    kept: KEPT.account,
    folder: 'account',
    attributes: attributes(`
      accountId# Its id.
      accountNumber# Its number, as PixVerse clients see it.
      name! The name that you gave it.
      kind Whether it is of a person or a company.
      email! The address that it is written to.
      emailVerifiedAt When that was shown to be yours.
      phone! The phone number that you gave.
      company! The company: its name, number, address and tax number.
      country The country that you named.
      declaredUse" What you said that you use it for.
      status What it may do.
      statusSince Since when.
      statusReason What a person wrote about why.
      statusDecision What an operator did, and the e-mail about it.
      plan Its plan.
      planDecision The last change of the plan, and why.
      available Credits that can be spent.
      held Credits that open videos hold.
      running Open videos.
      highWaterMark Credits after the last purchase or gift.
      highWaterEntry# That entry.
      gatewayKeyId-# The key of the usage plan at the gateway.
      gatewayKeyValue- The same, which nobody sees.
      listed- That it is in the list of all accounts.
      applicationStatus That it waits for a reviewer.
      applicationSince Since when it waits.
      termsVersion The version of the terms that was accepted last.
      noticedTermsVersion The version with which you were told what AI output can do.
      submissions How often it was submitted.
      documents How many documents were announced.
      changeSubmission The change of facts that waits for a reviewer.
      commercialUse Whether commercial use is authorised, since when and why.
      consents Your consents to promotion and improvement: wording, day and person.
      keysFrozenAt Since when all keys are frozen.
      sessionsEndedAtMs When all sessions were ended.
      exporting# The export that is being made.
      expiryWarnedAt When you were told that what you made ends.
      expiryMailId-# The e-mail about that, until it is sent.
      standing How it stands: until when each step follows from points, and measures in force.
      standingRevision How often that was changed.
      suspendedUntilMs Until when the service may not be used.
      wasTerminated- That another account with its address was ended for violations: whoever reviews it is told.
      createdAt When it was made.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'EMAIL#',
    about: 'Codes that were sent to confirm an address.',
    why: ['security'],
    from: ['you', 'service'],
    seenBy: ['nobody'],
    kept: KEPT.day,
    attributes: attributes(`
      purpose What the code is for.
      email! The address that it was sent to.
      codeHash- A hash of the code.
      expiresAtMs Until when it is valid.
      attemptsLeft How often it may still be tried.
      sentAtMs When codes were sent within the hour.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'TERMS#',
    about: 'Versions of the terms that were accepted.',
    why: ['consent'],
    from: ['you'],
    seenBy: ['you', 'support'],
    kept: KEPT.account,
    folder: 'terms',
    attributes: attributes(`
      version The version.
      acceptedAt When.
      acceptedBy# By which person or key.
      address! From which network address.
      how Whether it was said or follows from use.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'DOCUMENT#',
    about: 'Documents that show who you are: what they are; the files are in a bucket of their own.',
    why: ['qualification'],
    from: ['you'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.account,
    folder: 'documents',
    attributes: attributes(`
      documentId# Its id.
      kind What it is.
      contentType Its type.
      bytes Its size.
      sha256 The hash of its bytes.
      fileName! The name that the file had.
      state Whether it was submitted.
      createdAt When it was announced.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'SUBMISSION#',
    about: 'What you submitted to be reviewed, and the decision about it.',
    why: ['qualification'],
    from: ['you', 'staff'],
    seenBy: ['you', 'reviewers'],
    kept: KEPT.account,
    folder: 'decisions',
    attributes: attributes(`
      version Which one it is.
      submittedAt When.
      submittedBy# By which person.
      documents# The documents with it.
      name! The name, as it was submitted.
      company! The company, as it was submitted.
      declaredUse" The use, as it was submitted.
      isChange Whether it changes what was approved.
      commercialAuthorisation Whether commercial use was asked for.
      statement" What you said about it.
      decision The outcome, the reason, when and by whom.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'DAY#',
    about: 'How many videos were started on a day.',
    why: ['service'],
    from: ['service'],
    seenBy: ['you'],
    kept: KEPT.days120,
    attributes: attributes(`
      generations Videos that were started.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'STREAMS',
    about: 'Downloads and streams that are open.',
    why: ['service'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes('taken- Which, and until when.'),
  },
  {
    ...ACCOUNT,
    sk: 'KEYS',
    about: 'Which of your keys are active.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes(`
      revision How often it was changed.
      living# Active keys, and when they expire.
      hashes- Hashes of these keys.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'USAGE',
    about: 'How much was made on a day, by function, model and key, and by your own metadata.',
    why: ['service', 'money'],
    from: ['service'],
    seenBy: ['you', 'finance'],
    kept: 'as long as the account; by metadata for some months',
    folder: 'usage',
    attributes: attributes(`
      day The day.
      function What made it.
      model With which model.
      keyId# With which key.
      pair" The pair of your metadata that it counts.
      started Videos that were started.
      succeeded Videos that succeeded.
      failed Videos that failed.
      cancelled Videos that were cancelled.
      rejected Videos that were rejected.
      held Credits that were held.
      charged Credits that were charged.
      released Credits that were given back.
      seconds Seconds of finished video.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'GATEWAY#',
    about: 'The key of a usage plan at the gateway, for each plan that the account was on.',
    why: ['service'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes(`
      gatewayKeyId-# Its id.
      gatewayKeyValue- Its value, which nobody sees.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'MAIL#',
    about: 'E-mails that you were sent, or should have been.',
    why: ['notice', 'support'],
    from: ['service'],
    seenBy: ['you', 'support'],
    kept: '400 days; those about decisions as long as the account',
    folder: 'mails',
    attributes: attributes(`
      mailId# Its id.
      template Which e-mail.
      fields" What filled it in.
      createdAt When it was written.
      to! The address, all but its first sign and its domain hidden.
      sentAt When it was sent.
      failedAt When it could not be sent.
      claimedAtMs- That it is being sent.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'REFUSED#',
    about: 'How many texts were refused within an hour; not the texts.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.days90,
    attributes: attributes(`
      texts How many.
      rule How many each rule refused: the attribute is called so, with the name of the rule behind it.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'ALERT',
    about: 'Alerts about what is used up.',
    why: ['notice'],
    from: ['service'],
    seenBy: ['you'],
    kept: KEPT.account,
    folder: 'alerts',
    attributes: attributes(`
      alertId# Its id.
      subject What is used up.
      name" The name of the key, where it is one.
      used How much.
      limit Of how much.
      period Of which period.
      threshold Which share was reached.
      at When.
      notifiedAt When you were sent an e-mail.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'PURCHASE#',
    about: 'Purchases of credits.',
    why: ['money'],
    from: ['you', 'provider'],
    seenBy: ['you', 'finance'],
    kept: KEPT.books,
    folder: 'purchases',
    attributes: attributes(`
      purchaseId# Its id.
      accountId# The account.
      state What became of it.
      package What was bought.
      credits Credits.
      amount The price.
      currency Its currency.
      createdBy# The person who bought.
      createdAt When.
      revision How often it changed.
      tax The tax in the price.
      stripeTax How the provider computes the tax, where it does.
      isAutomatic Whether auto top-up began it.
      savesMethod Whether the payment method is saved with it.
      checkoutUrl# Where it is paid.
      sessionId# The provider's id of that page.
      paidAt When it was paid.
      payment# The provider's id of the payment.
      refunds# What was paid back.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'BOOKING#',
    about: 'Entries that one of our people proposed and another must confirm.',
    why: ['money'],
    from: ['staff'],
    seenBy: ['finance'],
    kept: KEPT.books,
    attributes: attributes(`
      terms What is proposed.
      firstBy# Who proposed it.
      secondBy# Who confirmed it.
      expiresAtMs Until when it can be confirmed.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'INVOICE#',
    about: 'Invoices, receipts and credit notes.',
    why: ['money'],
    from: ['service', 'provider'],
    seenBy: ['you', 'finance'],
    kept: KEPT.books,
    folder: 'invoices',
    attributes: attributes(`
      invoiceId# Its id.
      accountId# The account.
      kind What it is.
      series Its series of numbers.
      number Its number.
      entryId# The ledger entry that it is of.
      valueDate When the money came or went.
      reference# What the payment is found by.
      issuer Who issued it.
      customer! To whom: name, address, country, numbers.
      description What it is of.
      currency Its currency.
      net Without tax.
      tax The tax.
      total What was paid.
      taxRate The rate.
      taxTreatment Why it is that rate.
      taxCountry Whose tax it is.
      hosted# Its id at the payment provider, where that made it.
      corrects# The document that it takes back.
      issuedAt When it was issued.
      mailId# The e-mail about it.
      credited How much of it was taken back.
      pdf The hash and size of the PDF.
    `),
  },
  {
    ...ACCOUNT,
    sk: 'AUTO_TOP_UP',
    about: 'Auto top-up: what you set, the payment method that you saved, and what came of it.',
    why: ['money', 'notice'],
    from: ['you', 'provider', 'service'],
    seenBy: ['you'],
    kept: KEPT.account,
    folder: 'auto_top_up',
    attributes: attributes(`
      accountId# The account.
      revision How often it was changed.
      customerId# The account at the payment provider.
      method! The payment method: its id at the provider, its kind, of a card the brand and the last four digits, and who saved it when.
      settings Below how many credits what is bought, the limit of a month, and who set it when.
      month What was begun in this month, and whether you were told that its limit is reached.
      open# The purchase that is open, and how far it is.
      failure The last failure.
      retired-# Payment methods that the provider is still to forget.
      switchedOff Since when it is switched off by us.
      mailId# The last e-mail about it.
    `),
  },
  {
    table: 'core',
    pk: 'TOP_UPS_DUE',
    sk: '',
    about: 'Accounts whose auto top-up is to be looked at, and when.',
    why: ['money'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: 'until an hour after it was looked at',
    found: notOfOwner,
    attributes: attributes(`
      accountId# The account.
      at When.
      doneAt When it was looked at.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'TOP_UP_DUE#',
    about: 'Where the account stands among those, so that it is found with it.',
    why: ['money'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: 'until a week after it was looked at',
    attributes: attributes(`
      accountId# The account.
      at When.
      doneAt When it was looked at.
      ${TTL}
    `),
  },
  {
    ...ACCOUNT,
    sk: 'MEMBER#',
    about: 'Which people act for the account.',
    why: ['security'],
    from: ['you'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes('personId# The id that the sign-in gives.'),
  },
  {
    ...ACCOUNT,
    sk: 'FIND#',
    about: 'Where the words stand by which staff find the account, so that they go with it.',
    why: ['support'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    attributes: attributes('find!- The word, and what it is.'),
  },
  {
    ...ACCOUNT,
    sk: 'EXPORT#',
    about: 'Exports of all that is of the account.',
    why: ['service'],
    from: ['you', 'service'],
    seenBy: ['you'],
    kept: KEPT.days400,
    folder: 'exports',
    attributes: attributes(`
      exportId# Its id.
      accountId# The account.
      state What became of it.
      requestedBy# The person who asked for it.
      createdAt When.
      completedAt When it was ready.
      place- How far it is.
      volumes Its volumes by their hashes.
      manifest Where its signed manifest is.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'PERSON#',
    sk: 'PERSON',
    about: 'A person who signs in.',
    why: ['security'],
    from: ['you'],
    seenBy: ['you', 'support'],
    kept: KEPT.account,
    folder: 'people',
    found: { by: 'key', key: ({ personId }) => ({ pk: `PERSON#${personId}`, sk: 'PERSON' }) },
    attributes: attributes(`
      personId# The id that the sign-in gives.
      accountId# The account.
      state Whether the person acts for it.
      sessionsEndedAtMs When all sessions were ended.
      createdAt When it was added.
    `),
  },
  {
    table: 'core',
    pk: 'KEY#',
    sk: 'KEY',
    about: 'API keys: what they may do, never the keys themselves.',
    why: ['security', 'service'],
    from: ['you', 'service'],
    seenBy: ['you', 'support'],
    kept: KEPT.account,
    folder: 'keys',
    found: { by: 'account index' },
    attributes: attributes(`
      keyId# Its id.
      accountId# The account.
      name" The name that you gave it.
      state Whether it is accepted.
      permissions What it may do.
      functions Which functions it may start.
      models Which models it may use.
      addresses! From which network addresses it is accepted.
      hint The beginning and end of it.
      createdAt When it was made.
      revokedAt When it was revoked.
      expiresAtMs When it expires.
      spendLimit What it may spend.
      spendable What is left of that.
      spendsFrom- The hash of the key that holds the limit.
      replaces# The key before it.
      replacedBy# The key after it.
      leakReportedAt When it was reported as leaked.
      suspension Why it was stopped as its use was unusual: what was seen, when, and what to do.
      revision How often it was changed.
    `),
  },
  {
    table: 'core',
    pk: 'ADDRESS#',
    sk: 'CODES',
    about: 'How often codes were sent to an address, under a hash of it.',
    why: ['security'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.day,
    found: notOfOwner,
    attributes: attributes(`
      sentAtMs When, within the hour.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'FIND#',
    sk: '',
    about: 'Words by which staff find an account: names, addresses, numbers.',
    why: ['support'],
    from: ['you', 'service'],
    seenBy: ['support'],
    kept: KEPT.account,
    found: notOfOwner,
    attributes: attributes(`
      text! The word.
      foundAccount# The account that has it.
      foundKey# The key, where it is a key's.
    `),
  },
  {
    table: 'core',
    pk: 'LOTS#',
    sk: 'DAY#',
    about: 'Of which purchases and gifts the credits were at the end of a day.',
    why: ['money'],
    from: ['service'],
    seenBy: ['you', 'finance'],
    kept: KEPT.books,
    folder: 'lots',
    found: { by: 'partition', partition: accountId => `LOTS#${accountId}` },
    attributes: attributes(`
      day The day.
      open Purchases and gifts of which something is left.
      owed Credits that were used before they were seen.
      available Credits that could be spent.
      held Credits that open videos held.
    `),
  },
  {
    table: 'core',
    pk: 'CREDITS_DUE',
    sk: '',
    about: 'Gifts of credits that end, by their day.',
    why: ['money', 'notice'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: '400 days after the end',
    found: notOfOwner,
    attributes: attributes(`
      what What is to be done.
      day On which day.
      accountId# The account.
      lotId# The gift.
      mailId# The e-mail about it.
      doneAt When it was done.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'NUMBERS#',
    sk: '',
    about: 'How far the numbers of invoices have come.',
    why: ['money'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(`
      place The last number.
      at When it was drawn.
    `),
  },
  {
    table: 'core',
    pk: 'ISSUED#',
    sk: '',
    about: 'Which documents were issued on a day.',
    why: ['money'],
    from: ['service'],
    seenBy: ['finance'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(`
      accountId# The account.
      invoiceId# The document.
    `),
  },
  {
    table: 'core',
    pk: 'PAYMENT#',
    sk: 'PAYMENT',
    about: 'Payments, so that none is booked twice.',
    why: ['money'],
    from: ['provider', 'staff'],
    seenBy: ['finance'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(`
      reference# What the payment is found by.
      accountId# The account.
      credits What was bought.
      amount What was paid.
      currency Its currency.
      valueDate The day on which the money came.
      reversedAt When it was reversed.
    `),
  },
  {
    table: 'core',
    pk: 'BOOKER#',
    sk: 'DAY#',
    about: 'What one of our people gave away on a day.',
    why: ['money', 'security'],
    from: ['staff'],
    seenBy: ['nobody'],
    kept: '2 days',
    found: notOfOwner,
    attributes: attributes(`
      given Credits.
      ${TTL}
    `),
  },
  {
    table: 'core',
    pk: 'PAYMENT_EXCEPTIONS',
    sk: 'EXCEPTION#',
    about: 'Payments and refunds that do not fit, for a person to look at.',
    why: ['money'],
    from: ['provider'],
    seenBy: ['finance'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(`
      kind What does not fit.
      why In words.
      subject# The provider's id.
      at When.
      accountId# The account.
      purchaseId# The purchase.
    `),
  },
  {
    table: 'core',
    pk: 'EXCEPTION#',
    sk: 'EXCEPTION',
    about: 'That such a payment was reported.',
    why: ['money'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(''),
  },
  {
    table: 'core',
    pk: 'FINANCE#',
    sk: '',
    about: 'Days that were exported to the books, and months that were closed: sums of all accounts.',
    why: ['money'],
    from: ['service', 'staff'],
    seenBy: ['finance'],
    kept: KEPT.books,
    found: notOfOwner,
    attributes: attributes(`
      day The day.
      month The month.
      state Whether it is exported, or closed.
      run Which export it was.
      startedAt When it began.
      asOf Until when its entries are there.
      finishedAt When it was done.
      datasets The files, by their hashes.
      kinds Sums of entries, by kind.
      causes Differences, by cause.
      unexplained Differences without one.
      revenue What was sold and earned.
      issuer Who issues.
      hash The hash of a closed month.
      previousHash That of the month before.
      reason Why it was closed with differences.
      closedBy# Who closed it.
      closedAt When.
      deferredBefore What was paid and not earned before it.
    `),
  },
  {
    table: 'core',
    pk: 'FINANCE#GATEWAY_KEYS',
    sk: '',
    about: 'Which account a key of the gateway is of.',
    why: ['money'],
    from: ['service'],
    seenBy: ['nobody'],
    kept: KEPT.account,
    found: notOfOwner,
    attributes: attributes('accountId# The account.'),
  },
];
