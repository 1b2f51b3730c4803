/** How the first operator comes in: by the command among the stack's outputs, a letter, and the sign-in page. */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { mailsTo } from '../support/applicant.ts';
import { Platform } from '../support/platform.ts';
import { SignInPage } from '../support/sign-in-page.ts';

const EMAIL = 'first.operator@example.com';

/** The command, word by word as a shell has them, with EMAIL set. */
function wordsOf(command: string): string[] {
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  return words.map(word => word.replace(/^"(.*)"$/, '$1').replace('$EMAIL', EMAIL));
}

/** What follows an option, up to the next. */
function option(words: readonly string[], name: string): string[] {
  const [from, rest] = [words.indexOf(`--${name}`) + 1, words];
  const to = rest.findIndex((word, index) => index >= from && word.startsWith('--'));
  return rest.slice(from, to === -1 ? undefined : to);
}

/** What the aws CLI does with the two calls of the command; any other option fails. */
async function run(platform: Platform, command: string): Promise<void> {
  const client = new CognitoIdentityProviderClient(platform.cloud.client);
  const [create = '', add = ''] = command.split(' && ');
  const named = ['region', 'user-pool-id', 'username'];
  const calls = [
    {
      call: create,
      operation: 'admin-create-user',
      options: [...named, 'user-attributes', 'desired-delivery-mediums'],
    },
    { call: add, operation: 'admin-add-user-to-group', options: [...named, 'group-name'] },
  ];
  for (const { call, operation, options } of calls) {
    const words = wordsOf(call);
    expect(words.slice(0, 3)).toEqual(['aws', 'cognito-idp', operation]);
    expect(words.filter(word => word.startsWith('--'))).toEqual(options.map(name => `--${name}`));
    const [UserPoolId = '', Username = ''] = ['user-pool-id', 'username'].flatMap(name => option(words, name));
    if (operation === 'admin-create-user') {
      const UserAttributes = option(words, 'user-attributes').map(text => {
        const [, Name = '', Value = ''] = /^Name=(.+),Value=(.+)$/.exec(text) ?? [];
        return { Name, Value };
      });
      const [medium] = option(words, 'desired-delivery-mediums');
      const DesiredDeliveryMediums = [medium as 'EMAIL'];
      await client.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, DesiredDeliveryMediums }));
    } else {
      const [GroupName = ''] = option(words, 'group-name');
      await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
    }
  }
  client.destroy();
}

it("the command of the outputs adds one, who signs in at the address of the outputs with what was mailed, and may do an operator's work", async () => {
  const platform = await Platform.shared();
  await run(platform, platform.output('AddOperator'));
  const [letter] = await mailsTo(platform, EMAIL);
  const [, password = ''] = /password is (\S+)\.$/m.exec(letter?.text ?? '') ?? [];

  const page = new SignInPage(platform);
  await page.open(platform.output('StaffSignIn'));
  const { browser, tab } = page;
  await browser.submit('sign-in', { email: EMAIL, password });
  await browser.submit('new-password', { password: 'Correct-horse-battery-9' });
  const [, secret = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.html) ?? [];
  await browser.submit('setup', { code: generateSync({ secret: secret.replaceAll(' ', '') }) });
  await page.comeBack();
  expect([tab.text('who'), tab.text('roles')]).toEqual([EMAIL, 'operator']);

  const { status } = await fetch(`${platform.cloud.apiUrl}/v1/operators/accounts`, {
    headers: { authorization: `Bearer ${tab.text('token')}` },
  });
  expect(status).toBe(200);
});
