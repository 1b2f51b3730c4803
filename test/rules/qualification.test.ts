import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { ACCOUNT_STATUSES, STATUS_ACTIONS, STATUS_TABLE } from '../../functions/catalogue/account-status.ts';
import type { QualificationDocument } from '../../functions/qualification/document.ts';
import { profileChange } from '../../functions/qualification/profile-change.ts';
import {
  type Decision,
  describeQualification,
  isRepeated,
  OUTCOMES,
  refuseCorrection,
  refuseDecision,
  refuseDocuments,
  refuseStatusAction,
  refuseSubmission,
  type Submission,
} from '../../functions/qualification/qualification.ts';
import { documentFault } from '../../functions/qualification/qualification-command.ts';
import { pdfFault } from '../../functions/uploads/document-inspection.ts';
import { PDF } from '../support/applicant.ts';
import { refusalOf } from './refusal-of.ts';
import { png } from './sample-images.ts';

const pdf = (from: string, to: string): Buffer => Buffer.from(PDF.toString('latin1').replace(from, to), 'latin1');

describe('a PDF', () => {
  it('that is whole is taken', () => {
    expect(pdfFault(PDF)).toBeUndefined();
  });

  it('may hold names of programs within its data, where they mean nothing', () => {
    const data = pdf(
      'xref\n',
      '3 0 obj << /Length 30 >> stream\n/JavaScript /Encrypt /Launch\nendstream endobj\nxref\n',
    );
    expect(pdfFault(data)).toBeUndefined();
    expect(pdfFault(pdf('/Type /Catalog', '/Type /Catalog /JSONData 1 /LaunchDate 2'))).toBeUndefined();
  });

  it('hides nothing behind the words that begin and end data, where none begins', () => {
    const program = '3 0 obj << /S /JavaScript /JS (app.alert) >> endobj';
    const hidden = (before: string, after = '% endstream') => pdf('xref\n', `${before}\n${program}\n${after}\nxref\n`);
    for (const before of ['% stream', '% >> stream', '(stream)', '4 0 obj << >> streams', '<< >> stream \u0000'])
      expect(pdfFault(hidden(before)), before).toContain('JavaScript');
    expect(pdfFault(hidden('4 0 obj << /Length 9 >>\nstream', '')), 'without an end').toContain('JavaScript');
    const behind = hidden('4 0 obj << /Length 3 >>\r\nstream\r\n/JS\r\nendstream endobj % >> stream');
    expect(pdfFault(behind), 'behind data').toContain('JavaScript');
  });

  it('is looked at in a time that grows with its length alone', () => {
    const lines = '% >> stream\n'.repeat(200_000) + '<< >> stream\nendstream '.repeat(100_000);
    const started = performance.now();
    expect(pdfFault(pdf('xref\n', `${lines}\nxref\n`))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it.each([
    ['no PDF', '%PDF-1.4', '<html>'],
    ['its end is missing', 'startxref', 'started'],
    ['its end is missing', '%%EOF', ''],
    ['no catalog', '/Root 1 0 R', ''],
    ['encrypted', '/Root', '/Encrypt 9 0 R /Root'],
    ['JavaScript', '/Pages 2 0 R', '/Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert) >>'],
    ['JavaScript', '/Pages 2 0 R', '/Pages 2 0 R /OpenAction << /S /J#61vaScript >>'],
    ['another program', '/Pages 2 0 R', '/Pages 2 0 R /OpenAction << /S /Launch >>'],
    ['another file', '/Pages 2 0 R', '/Pages 2 0 R /F << /Type /EmbeddedFile >>'],
  ])('is refused as %s', (words, from, to) => {
    expect(pdfFault(pdf(from, to))).toContain(words);
  });

  it('cut short is refused wherever it is cut, and nothing makes the inspection fail', () => {
    for (let length = 0; length < PDF.length - 8; length++)
      expect(pdfFault(PDF.subarray(0, length)), `${length}`).toBeDefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        pdfFault(Buffer.concat([PDF.subarray(0, 60), Buffer.from(bytes)]));
      }),
    );
  });
});

describe('an uploaded document', () => {
  const announced = (bytes: Buffer, contentType: QualificationDocument['contentType']): QualificationDocument => ({
    documentId: 'doc_1',
    kind: 'identity',
    contentType,
    bytes: bytes.length,
    state: 'announced',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    createdAt: '2026-11-24T12:00:00.000Z',
  });
  const picture = png(8, 8);

  it('is what was announced, byte for byte', async () => {
    expect(await documentFault(announced(PDF, 'application/pdf'), PDF)).toBeUndefined();
    expect(await documentFault(announced(picture, 'image/png'), picture)).toBeUndefined();
    const other = pdf('/Count 0', '/Count 1');
    expect(await documentFault(announced(PDF, 'application/pdf'), other)).toContain('not those that were announced');
  });

  it('is of the type that was announced, and whole', async () => {
    expect(await documentFault(announced(picture, 'image/jpeg'), picture)).toContain('image/png, not image/jpeg');
    expect(await documentFault(announced(picture, 'application/pdf'), picture)).toContain('no PDF');
    const cut = picture.subarray(0, picture.length - 5);
    expect(await documentFault(announced(cut, 'image/png'), cut)).toContain('not whole');
    expect(await documentFault(announced(PDF, 'image/png'), PDF)).toContain('PNG, JPEG');
  });
});

const ACCOUNT: Account = {
  accountId: 'acct_1',
  accountNumber: 1,
  name: 'Ana',
  kind: 'company',
  status: 'verified',
  plan: 'trial',
  emailVerifiedAt: '2026-11-24T12:00:00.000Z',
  available: 0,
  held: 0,
  running: 0,
  createdAt: '2026-11-24T11:00:00Z',
};
const SUBMISSION: Submission = {
  version: 1,
  submittedAt: '2026-11-24T12:00:00.000Z',
  submittedBy: 'user_1',
  documents: ['doc_1'],
  name: 'Ana',
  declaredUse: { text: 'films for schools', categories: ['education'] },
  commercialAuthorisation: true,
  statement: 'we teach',
};
const DECISION: Decision = {
  outcome: 'refuse',
  reason: 'not in the register',
  commercialAuthorisation: false,
  decidedAt: '2026-11-25T12:00:00.000Z',
  decidedBy: 'staff_1',
};

describe('a submission', () => {
  it('is taken exactly where the table lets submitted follow, and refused with what is missing', () => {
    for (const status of ACCOUNT_STATUSES.filter(name => name !== 'frozen' && name !== 'closed')) {
      const may = (STATUS_TABLE[status].next as readonly string[]).includes('submitted');
      expect(refuseSubmission({ ...ACCOUNT, status }) === undefined, status).toBe(may);
    }
    const { emailVerifiedAt: _, ...unverified } = ACCOUNT;
    expect(refuseSubmission({ ...unverified, status: 'registered' })?.message).toContain('confirm its e-mail address');
  });

  it('has the document that shows who it is', () => {
    const document = (kind: QualificationDocument['kind']) => ({ kind }) as QualificationDocument;
    expect(refuseDocuments(ACCOUNT, [document('company_registration')])).toBeUndefined();
    expect(refuseDocuments(ACCOUNT, [document('identity')])?.message).toContain('company_registration');
    expect(refuseDocuments({ ...ACCOUNT, kind: 'person' }, [document('other'), document('identity')])).toBeUndefined();
    expect(refuseDocuments({ ...ACCOUNT, kind: 'person' }, [document('other')])?.message).toContain('identity');
  });

  it('that is sent again is the same one, until it is decided', () => {
    const wanted = {
      documents: ['doc_1'],
      declared_use: { text: 'films for schools', categories: ['education' as const] },
      commercial_authorisation: true,
      statement: 'we teach',
    };
    expect(isRepeated(SUBMISSION, wanted)).toBe(true);
    expect(isRepeated(SUBMISSION, { ...wanted, statement: 'we sell' })).toBe(false);
    expect(isRepeated(SUBMISSION, { ...wanted, documents: ['doc_2'] })).toBe(false);
    expect(isRepeated({ ...SUBMISSION, decision: DECISION }, wanted)).toBe(false);
  });

  it('never shows the account which operator decided', () => {
    const shown = JSON.stringify(
      describeQualification(ACCOUNT, [{ ...SUBMISSION, decision: DECISION }], 'help@faro.example'),
    );
    expect(shown).toContain('not in the register');
    expect(shown).not.toContain('staff_1');
  });
});

describe('a decision', () => {
  const waiting: Account = { ...ACCOUNT, status: 'submitted', submissions: 1 };
  const wanted = { version: 1, outcome: 'refuse', reason: 'not in the register', commercial: undefined } as const;

  it('is about the submission that waits, and no other', () => {
    expect(refuseDecision(waiting, SUBMISSION, wanted)).toBeUndefined();
    expect(refuseDecision(waiting, undefined, { ...wanted, version: 2 })).toMatchObject({ kind: 'wrong_state' });
    expect(refuseDecision({ ...waiting, submissions: 2 }, SUBMISSION, wanted)).toMatchObject({ kind: 'wrong_state' });
    for (const status of ACCOUNT_STATUSES.filter(name => name !== 'submitted')) {
      expect(refuseDecision({ ...waiting, status }, SUBMISSION, wanted), status).toMatchObject({
        kind: 'wrong_state',
      });
    }
  });

  it('about a change is about the one that waits, while the account is in use', () => {
    const change: Submission = { ...SUBMISSION, version: 2, isChange: true };
    const changing: Account = { ...ACCOUNT, status: 'active', submissions: 2, changeSubmission: 2 };
    const about = { ...wanted, version: 2 };
    expect(refuseDecision(changing, change, about)).toBeUndefined();
    const { changeSubmission: _, ...withdrawn } = changing;
    for (const other of [withdrawn, { ...changing, changeSubmission: 3 }, { ...changing, status: 'frozen' as const }]) {
      expect(refuseDecision(other, change, about)).toMatchObject({ kind: 'wrong_state' });
    }
    expect(refuseDecision({ ...changing, status: 'submitted' }, change, about)).toMatchObject({ kind: 'wrong_state' });
  });

  it('that is sent again is recognised, and another one comes too late', () => {
    const decided = { ...SUBMISSION, decision: DECISION };
    expect(refuseDecision({ ...waiting, status: 'refused' }, decided, wanted)).toBe('repeated');
    const other = refuseDecision({ ...waiting, status: 'refused' }, decided, { ...wanted, outcome: 'approve' });
    expect(other).toMatchObject({ kind: 'wrong_state' });
  });

  it('that differs in any member from the one that was made is refused by that member', () => {
    const outcomes = ['approve', 'ask_for_more', 'refuse'] as const;
    const requested = fc.record({
      outcome: fc.constantFrom(...outcomes),
      reason: fc.constantFrom('in the register', 'not in the register'),
      commercial: fc.constantFrom(true, false, undefined),
    });
    fc.assert(
      fc.property(requested, requested, fc.boolean(), (made, again, isChange) => {
        // Where nothing is said, an application is not authorised, and a change is as it was.
        const commercialAuthorisation = made.commercial ?? isChange;
        const isLeftOut = made.commercial === undefined && { isCommercialLeftOut: true as const };
        const decision: Decision = { ...DECISION, ...made, commercialAuthorisation, ...isLeftOut };
        const decided = { ...SUBMISSION, ...(isChange && { isChange }), decision };
        const refusal = refuseDecision({ ...waiting, status: 'active' }, decided, { version: 1, ...again });
        const commercialDiffers = isChange
          ? again.commercial === undefined
            ? made.commercial !== undefined
            : again.commercial !== commercialAuthorisation
          : (again.commercial ?? false) !== commercialAuthorisation;
        const different = [
          ...(again.outcome === made.outcome ? [] : ['decision']),
          ...(again.reason === made.reason ? [] : ['reason']),
          ...(commercialDiffers ? ['commercial_authorisation'] : []),
        ];
        if (different.length === 0) expect(refusal).toBe('repeated');
        else expect(refusal).toMatchObject({ kind: 'wrong_state', field: different[0] });
      }),
    );
  });

  it('answers what the account asked about, and authorises nothing where it does not approve', () => {
    const field = 'commercial_authorisation';
    const approval = { ...wanted, outcome: 'approve' } as const;
    expect(refuseDecision(waiting, SUBMISSION, approval)).toMatchObject({ kind: 'missing_parameter', field });
    for (const commercial of [true, false])
      expect(refuseDecision(waiting, SUBMISSION, { ...approval, commercial }), String(commercial)).toBeUndefined();
    const without = { ...SUBMISSION, commercialAuthorisation: false };
    expect(refuseDecision(waiting, without, approval)).toBeUndefined();
    for (const outcome of ['refuse', 'ask_for_more'] as const) {
      const authorised = { ...wanted, outcome, commercial: true };
      expect(refuseDecision(waiting, SUBMISSION, authorised)).toMatchObject({ kind: 'invalid_parameter', field });
      expect(refuseDecision(waiting, SUBMISSION, { ...authorised, commercial: false })).toBeUndefined();
    }
  });

  it('about a status is repeated for the same reason, refused for another, and no other way to the status is it', () => {
    for (const [action, { from, to }] of Object.entries(STATUS_ACTIONS)) {
      const requested = { action, reason: 'a leak' } as { action: keyof typeof STATUS_ACTIONS; reason: string };
      const decided = { status: to, statusReason: 'a leak', statusDecision: { action: requested.action, mailId: 'm' } };
      expect(refuseStatusAction(decided, requested), action).toBe('repeated');
      const other = refuseStatusAction(decided, { ...requested, reason: 'another' });
      expect(other, action).toMatchObject({ kind: 'wrong_state', field: 'reason' });
      const otherwise = { status: to, statusReason: 'a leak' };
      expect(refuseStatusAction(otherwise, requested), action).toMatchObject({ kind: 'wrong_state', field: 'action' });
      for (const status of ACCOUNT_STATUSES.filter(name => name !== to)) {
        const may = (from as readonly string[]).includes(status);
        expect(refuseStatusAction({ status }, requested) === undefined, `${action} ${status}`).toBe(may);
      }
    }
  });

  it('about commercial use is corrected of an approved account, once, and for one reason', () => {
    const commercialUse = { authorised: false, decidedAt: '2026-11-25T12:00:00.000Z' };
    const active: Account = { ...ACCOUNT, status: 'active', commercialUse };
    const correction = { authorised: true, reason: 'left out by mistake' };
    expect(refuseCorrection(active, correction)).toBeUndefined();
    expect(refuseCorrection({ ...active, status: 'frozen' }, correction)).toBeUndefined();
    const corrected: Account = { ...active, commercialUse: { ...commercialUse, ...correction } };
    expect(refuseCorrection(corrected, correction)).toBe('repeated');
    expect(refuseCorrection(corrected, { ...correction, reason: 'another' })).toMatchObject({ kind: 'wrong_state' });
    expect(refuseCorrection(active, { ...correction, authorised: false })).toMatchObject({ field: 'authorised' });
    for (const status of ACCOUNT_STATUSES.filter(name => name !== 'active' && name !== 'frozen'))
      expect(refuseCorrection({ ...active, status }, correction), status).toMatchObject({ kind: 'wrong_state' });
  });

  it('leads only where the table of statuses lets an application go', () => {
    for (const to of Object.values(OUTCOMES)) expect(STATUS_TABLE.submitted.next).toContain(to);
  });
});

describe('a change of what an account says of itself', () => {
  const company = { name: 'Faro', registration_number: 'B1', address: 'Calle Mayor 1' };
  const declaredUse = { text: 'films for the lessons of schools', categories: ['education'] };
  const account: Account = { ...ACCOUNT, company, declaredUse, phone: '+34 1' };
  const other = { text: 'selling videos of newsrooms to all', categories: ['news' as const] };

  it('counts at once until a reviewer has it, and only where it changes something', () => {
    for (const status of ['registered', 'verified', 'more_requested', 'refused'] as const) {
      expect(profileChange({ ...account, status }, undefined, { name: 'Ben' })).toEqual({
        kind: 'immediate',
        set: { name: 'Ben' },
        changed: ['name'],
      });
      expect(profileChange({ ...account, status }, undefined, { name: 'Ana', company })).toEqual({ kind: 'none' });
    }
  });

  it('is refused of each fact while a reviewer has it, and a telephone number is not one', () => {
    const submitted: Account = { ...account, status: 'submitted' };
    for (const [member, value] of [
      ['name', 'Reuters Newsroom'],
      ['company', { ...company, name: 'Reuters' }],
      ['declared_use', other],
    ] as const) {
      const refused = refusalOf(() => profileChange(submitted, undefined, { [member]: value, phone: '+34 2' }));
      expect(refused).toMatchObject({ kind: 'wrong_state', field: member });
    }
    expect(profileChange(submitted, undefined, { phone: '+34 2', name: 'Ana' })).toMatchObject({
      set: { phone: '+34 2' },
    });
  });

  it('of approved facts waits for a reviewer, with all that is to be approved, and the rest counts at once', () => {
    const active: Account = { ...account, status: 'active' };
    expect(profileChange(active, undefined, { name: 'Reuters Newsroom', phone: '+34 2' })).toEqual({
      kind: 'review',
      facts: { name: 'Reuters Newsroom', company, declaredUse },
      set: { phone: '+34 2' },
      changed: ['phone', 'name'],
    });
    const waiting: Submission = { ...SUBMISSION, version: 2, isChange: true, name: 'Ben', company, declaredUse };
    // What waits already is added to; the same again changes nothing; what was approved withdraws it.
    expect(profileChange(active, waiting, { declared_use: other })).toMatchObject({
      kind: 'review',
      facts: { name: 'Ben', company, declaredUse: other },
    });
    expect(profileChange(active, waiting, { name: 'Ben' })).toEqual({ kind: 'none' });
    expect(profileChange(active, waiting, { phone: '+34 2' })).toMatchObject({ kind: 'immediate' });
    expect(profileChange(active, waiting, { name: 'Ana' })).toEqual({ kind: 'withdrawal', set: {}, changed: [] });
  });
});

describe("an operator's action", () => {
  it('leads only where the table of statuses allows, and approves nobody', () => {
    for (const { from, to } of Object.values(STATUS_ACTIONS)) {
      for (const status of from) expect(STATUS_TABLE[status].next as readonly string[]).toContain(to);
    }
    expect(STATUS_ACTIONS.unfreeze.from).toEqual(['frozen']);
  });
});
