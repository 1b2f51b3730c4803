import { type Account, describeAccount } from '../accounts/account.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { wholeList } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { describeDocument } from './document.ts';
import { documentsOf } from './documents-store.ts';
import { changeProfile } from './profile-change-command.ts';
import { describeQualification } from './qualification.ts';
import { addDocument, submitQualification } from './qualification-command.ts';
import { submissionsOf } from './submissions-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const SUPPORT = setting('SUPPORT');
const DEPENDENCIES = { tables: TABLES, documentsBucket: setting('DOCUMENTS_BUCKET'), now, random };

const qualificationOf = async (account: Account) => ({
  body: describeQualification(account, await submissionsOf(TABLES.core, account.accountId), SUPPORT),
});

export const handler = restHandler(
  route(contract.addDocument, async ({ caller, input }) => {
    const { document, upload } = await addDocument(DEPENDENCIES, caller, input);
    return { status: 201, body: { ...describeDocument(document), upload } };
  }),
  route(contract.listDocuments, async ({ caller }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    const found = await documentsOf(TABLES.core, accountId);
    return { body: wholeList(found.map(describeDocument)) };
  }),
  route(contract.submitQualification, async ({ caller, input }) =>
    qualificationOf(await submitQualification(DEPENDENCIES, caller, input)),
  ),
  route(contract.changeAccount, async ({ caller, input }) => ({
    body: describeAccount(await changeProfile(DEPENDENCIES, caller, input), SUPPORT),
  })),
  route(contract.readQualification, async ({ caller }) =>
    qualificationOf(await ownAccount(TABLES.core, caller.accountId)),
  ),
);
