import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeApp } from '../../lib/app.ts';
import { ROOT } from '../../lib/constructs/bundles.ts';
import { originsOf, readStage, settingsAtDefault } from '../../lib/stage.ts';

const nothing = () => undefined;

describe('the stage', () => {
  test('without any setting is a development stage that keeps its data', () => {
    expect(readStage(nothing, {})).toMatchObject({
      name: 'dev',
      retain: true,
      workerMin: 1,
      protectedRemoval: 'retain',
    });
  });

  test('takes a setting from the context before the environment', () => {
    const context = (key: string) => (key === 'workerMax' ? '7' : undefined);
    const stage = readStage(context, { MUTOSCOPE_WORKER_MAX: '9', MUTOSCOPE_STAGE: 'dev-two' });
    expect(stage).toMatchObject({ name: 'dev-two', workerMax: 7 });
  });

  test('that is not to keep its data says so to every resource', () => {
    expect(readStage(nothing, { MUTOSCOPE_RETAIN: 'false' })).toMatchObject({
      retain: false,
      removal: 'destroy',
      protectedRemoval: 'destroy',
    });
  });

  test('reads trusted hosts as a list', () => {
    const stage = readStage(nothing, { MUTOSCOPE_TRUSTED_IMAGE_HOSTS: 'Images.internal, cdn.internal:8443' });
    expect(stage.trustedImageHosts).toEqual(['images.internal', 'cdn.internal:8443']);
  });

  test('reads countries that it does not serve as a list, and a sender', () => {
    const environment = { MUTOSCOPE_REFUSED_REGIONS: 'NO, SE', MUTOSCOPE_MAIL_FROM: 'films@faro.example' };
    const stage = readStage(nothing, environment);
    expect(stage).toMatchObject({ refusedRegions: ['NO', 'SE'], mailFrom: 'films@faro.example' });
  });

  test('says where people write to for help: an e-mail address or a page', () => {
    for (const support of ['help@faro.example', 'https://faro.example/help?from=api']) {
      expect(readStage(nothing, { MUTOSCOPE_SUPPORT: support }).support).toBe(support);
    }
  });

  test('names every wrong setting at once, and where it can be set', () => {
    const environment = { MUTOSCOPE_RETAIN: 'maybe', MUTOSCOPE_LOG_DAYS: '31' };
    expect(() => readStage(nothing, environment)).toThrow(
      /retain \(or MUTOSCOPE_RETAIN\) is "maybe": must be true or false\n.*logDays \(or MUTOSCOPE_LOG_DAYS\) is "31"/,
    );
  });

  test.each([
    ['stage', 'Prod!'],
    ['stage', 'my-aws'],
    ['stage', 'amazonia'],
    ['stage', 'cognito2'],
    ['signInCallbacks', 'ftp://films.example/'],
    ['corsOrigins', 'https://films.example/page'],
    ['corsOrigins', 'https://films.example/'],
    ['corsOrigins', '*'],
    ['workerMin', '-1'],
    ['natGateways', '3'],
    ['engineDeadlineSeconds', '0'],
    ['alarmEmail', 'nobody'],
    ['logLevel', 'LOUD'],
    ['domainName', 'https://api.example.com'],
    ['domainName', 'api.example.com'],
    ['certificateArn', 'api.example.com'],
    ['engineSecret', 'engine/key'],
    ['logDays', '9999'],
    ['mailFrom', 'nobody'],
    ['support', 'the desk'],
    ['support', 'http://help.example'],
    ['support', 'https://help.example/"'],
    ['refusedRegions', 'Norway'],
    ['trustedImageHosts', 'https://images.internal/'],
    ['packagePrices', 'netto'],
    ['taxBy', 'nobody'],
    ['invoiceIssuer', '=Faro Films'],
    ['providerName', 'Faro\nFilms'],
  ])('refuses %s %s', (name, value) => {
    expect(() => readStage(key => (key === name ? value : undefined), {})).toThrow(`  ${name} (or MUTOSCOPE_`);
  });

  test.each([
    ['stage', 'laws', 'must not hold aws, amazon or cognito: .* Cognito reserves them'],
    ['signInCallbacks', 'http://films.example/in', 'must be https: Cognito takes http only for localhost'],
    ['signInCallbacks', 'https://films.example/in,HTTP://10.0.0.5/in', 'must be https'],
    ['signInCallbacks', 'http://localhost.films.example/', 'must be https'],
  ])('says why it refuses %s %s', (name, value, why) => {
    expect(() => readStage(key => (key === name ? value : undefined), {})).toThrow(
      new RegExp(`${name} \\(or MUTOSCOPE_.*: ${why}`),
    );
  });

  test('takes callbacks by https, and by plain HTTP on loopback', () => {
    const callbacks = ['https://films.example/in', 'http://localhost:4480/', 'http://127.0.0.1/', 'http://[::1]:99/'];
    const stage = readStage(nothing, { MUTOSCOPE_SIGN_IN_CALLBACKS: callbacks.join(', ') });
    expect(stage.signInCallbacks).toEqual(callbacks);
  });

  test('lets pages call from where browsers are sent back to, and from the origins that it names', () => {
    const stage = readStage(nothing, {
      MUTOSCOPE_SIGN_IN_CALLBACKS: 'https://films.example/in,http://localhost:4480/',
      MUTOSCOPE_CHECKOUT_RETURN_URL: 'https://films.example/paid',
      MUTOSCOPE_CORS_ORIGINS: 'https://App.example.com, http://localhost:3000',
    });
    const own = ['https://films.example', 'http://localhost:4480'];
    expect(originsOf(stage)).toEqual([...own, 'https://app.example.com', 'http://localhost:3000']);
  });

  test('refuses more warm workers than there may be', () => {
    expect(() => readStage(nothing, { MUTOSCOPE_WORKER_MIN: '5' })).toThrow(
      'workerMax (or MUTOSCOPE_WORKER_MAX) is "not set": must not be less than workerMin',
    );
  });

  test.each(['abc', '1.5', '0', '101'])('refuses %s workers with how many there may be', workers => {
    expect(() => readStage(nothing, { MUTOSCOPE_WORKER_MAX: workers })).toThrow(
      `workerMax (or MUTOSCOPE_WORKER_MAX) is "${workers}": must be a whole number from 1 to 100`,
    );
  });

  test.each(['workermax', 'worker-max', 'WORKER_MAX'])('refuses %s, which is a setting written otherwise', name => {
    expect(() => makeApp({}, { context: { [name]: '3' } })).toThrow(`${name} is no setting: write workerMax`);
  });

  test.each(['https://api.example.com', 'api', 'API.example.com', '-a.example.com', 'a..example.com'])(
    'refuses %s as a domain, whatever certificate goes with it',
    name => {
      const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';
      const context = (key: string) => ({ domainName: name, certificateArn: certificate })[key];
      expect(() => readStage(context, {})).toThrow(/domainName .*: must be a domain, such as/);
    },
  );

  describe('outside development', () => {
    /** All that such a stage must be told. */
    const USABLE = {
      MUTOSCOPE_STAGE: 'prod',
      MUTOSCOPE_SIGN_IN_CALLBACKS: 'https://app.example.com/in',
      MUTOSCOPE_CHECKOUT_RETURN_URL: 'https://app.example.com/paid',
      MUTOSCOPE_MAIL_FROM: 'no-reply@example.com',
      MUTOSCOPE_SUPPORT: 'help@example.com',
    };

    test('is refused for every setting that is of no use to anybody, each by its name and with the remedy', () => {
      expect(() => readStage(nothing, { MUTOSCOPE_STAGE: 'prod' })).toThrow(
        /^The stage cannot be read:\n {2}signInCallbacks .*127\.0\.0\.1.*: give an https page.*\n {2}checkoutReturnUrl .*: give an https page.*\n {2}mailFrom .*mutoscope\.example.*: give an address of a domain of yours.*\n {2}support .*mutoscope\.example.*: give an address of yours where help is given.*$/,
      );
    });

    test.each(['prod', 'staging', 'development', 'devil', 'eu-dev'])('%s is no stage for development', name => {
      expect(() => readStage(nothing, { MUTOSCOPE_STAGE: name })).toThrow('mailFrom (or MUTOSCOPE_MAIL_FROM)');
    });

    test.each(['dev', 'dev-anna'])('%s is one, and needs no setting', name => {
      expect(readStage(nothing, { MUTOSCOPE_STAGE: name })).toMatchObject({ name });
    });

    test.each([
      ['signInCallbacks', 'https://app.example.com/in,http://localhost:4480/docs'],
      ['signInCallbacks', 'https://films.example/in'],
      ['checkoutReturnUrl', 'http://127.0.0.1:3000/paid'],
      ['checkoutReturnUrl', 'http://[::1]:3000/paid'],
      ['mailFrom', 'no-reply@films.test'],
      ['mailFrom', 'no-reply@Mutoscope.Example'],
      ['support', 'help@films.test'],
      ['support', 'https://help.example/tickets'],
      ['oidcIssuer', 'https://localhost:8443'],
      ['stripeApiUrl', 'http://127.0.0.1:12111'],
      ['engineUrl', 'http://127.0.0.1:8091'],
    ])('refuses %s %s, and says what to do', (name, value) => {
      const rest = { oidcClientId: 'a', oidcClientSecret: 'b', engine: 'vllm-omni', engineModel: 'Lightricks/LTX-2' };
      const context = (key: string) => ({ engineUrl: 'https://engine.example.com', ...rest, [name]: value })[key];
      expect(() => readStage(context, USABLE)).toThrow(
        new RegExp(`^  ${name} .* leads to .*: (give|leave).*stage=dev$`, 'm'),
      );
    });

    test.each(['README.md', 'docs/deployment.md'])('is what the command of %s makes', page => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      const [, command = ''] = /^(npx cdk deploy (?:.*\\\n)*.*)$/m.exec(text) ?? [];
      const settings = Object.fromEntries(
        [...command.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
      );
      expect(readStage(key => settings[key], {})).toMatchObject({
        name: 'prod',
        signInCallbacks: [expect.stringMatching(/^https:/)],
      });
      expect(Object.keys(settings).length).toBeGreaterThan(3);
    });

    test('is fine once it is told', () => {
      expect(readStage(nothing, USABLE)).toMatchObject({ name: 'prod', mailFrom: 'no-reply@example.com' });
    });

    test('sends browsers back to its own domain, unless it is told otherwise', () => {
      const domain = {
        MUTOSCOPE_STAGE: 'prod',
        MUTOSCOPE_MAIL_FROM: 'no-reply@example.com',
        MUTOSCOPE_SUPPORT: 'help@example.com',
        MUTOSCOPE_DOMAIN_NAME: 'api.example.com',
        MUTOSCOPE_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d',
      };
      expect(readStage(nothing, domain)).toMatchObject({
        signInCallbacks: ['https://api.example.com/sign-in'],
        checkoutReturnUrl: 'https://api.example.com/docs',
      });
      expect(
        readStage(nothing, { ...USABLE, ...domain, MUTOSCOPE_SIGN_IN_CALLBACKS: 'https://a.example.com/' }),
      ).toMatchObject({
        signInCallbacks: ['https://a.example.com/'],
      });
    });
  });

  test('says what is at its default, and what is not set', () => {
    const said = settingsAtDefault(nothing, { MUTOSCOPE_WORKER_MAX: '9', MUTOSCOPE_RETAIN: '' });
    expect(said).toMatch(
      /^at their default: stage=dev retain=true .*workerMin=1 .*mailFrom=no-reply@mutoscope\.example.*; not set: domainName .*alarmEmail/,
    );
    expect(said).not.toContain('workerMax');
  });
});
