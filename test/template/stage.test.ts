import { describe, expect, test } from 'vitest';
import { originsOf, readStage } from '../../lib/stage.ts';

const nothing = () => undefined;

describe('the stage', () => {
  test('without any setting is a development stage that keeps its data', () => {
    expect(readStage(nothing, {})).toMatchObject({ name: 'dev', retain: true, workerMin: 1, removal: 'retain' });
  });

  test('takes a setting from the context before the environment', () => {
    const context = (key: string) => (key === 'workerMax' ? '7' : undefined);
    const stage = readStage(context, { MUTOSCOPE_WORKER_MAX: '9', MUTOSCOPE_STAGE: 'prod' });
    expect(stage).toMatchObject({ name: 'prod', workerMax: 7 });
  });

  test('that is not to keep its data says so to every resource', () => {
    expect(readStage(nothing, { MUTOSCOPE_RETAIN: 'false' })).toMatchObject({ retain: false, removal: 'destroy' });
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
    ['logDays', '9999'],
    ['mailFrom', 'nobody'],
    ['support', 'the desk'],
    ['support', 'http://help.example'],
    ['support', 'https://help.example/"'],
    ['refusedRegions', 'Norway'],
    ['trustedImageHosts', 'https://images.internal/'],
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
});
