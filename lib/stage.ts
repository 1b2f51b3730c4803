/**
 * What differs from one deployment to another, and nothing else. Each setting comes from CDK context
 * (`cdk deploy --all -c stage=prod -c workerMax=20`), else from the environment (`MUTOSCOPE_WORKER_MAX=20`), else it
 * has the default below. A value that is not right stops the synthesis with its name.
 */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { ENGINE_KINDS } from '../functions/catalogue/engine-models.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], {
  error: 'must be true or false',
});
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const hosts = z
  .string()
  .transform(text =>
    text
      .split(',')
      .map(host => host.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(z.array(z.string().regex(/^[a-z0-9.-]+(:\d+)?$/, 'must be host names separated by commas, without https://')));

const origins = z
  .string()
  .transform(text =>
    text
      .split(',')
      .map(origin => origin.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(
    z.array(
      z
        .string()
        .refine(
          text => /^https?:/.test(text) && URL.parse(text)?.origin === text,
          'must be origins separated by commas, such as https://app.example.com, without a path',
        ),
    ),
  );

const countries = z
  .string()
  .transform(text => text.split(',').map(country => country.trim()))
  .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be codes of countries separated by commas, such as DE,JP')));

/** Where Cognito sends browsers back to by plain HTTP. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const callback = z
  .url({ protocol: /^https?$/ })
  .max(1024)
  .refine(
    url => !/^http:/i.test(url) || LOOPBACK.includes(URL.parse(url)?.hostname ?? ''),
    'must be https: Cognito takes http only for localhost, 127.0.0.1 and [::1]',
  );
const callbacks = z
  .string()
  .transform(text => text.split(',').map(url => url.trim()))
  .pipe(z.array(callback).min(1));

const Settings = z
  .object({
    /** Part of every stack's name, so that two stages live side by side in one account. */
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be up to 20 of a-z, 0-9 and -')
      .refine(
        name => !/aws|amazon|cognito/.test(name),
        'must not hold aws, amazon or cognito: it is part of the domain of the sign-in pages, where Cognito reserves them',
      )
      .default('dev'),
    /** Whether data outlives the stack: tables and buckets are kept, and tables refuse to be deleted. */
    retain: flag.default(true),
    /** Days that logs are kept: one of the periods that CloudWatch offers. */
    logDays: z.coerce
      .number()
      .refine(
        days => days in RetentionDays && days !== RetentionDays.INFINITE,
        'must be a period that CloudWatch offers, such as 30',
      )
      .default(30),
    logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
    /** Who is told of an alarm; without it alarms are only shown. */
    alarmEmail: z.email().optional(),
    /** Workers kept warm, each with a GPU; 0 costs nothing idle and makes the first job wait for minutes. */
    workerMin: count(0, 100).default(1),
    workerMax: count(1, 100).default(4),
    /** NAT gateways for the workers: 1 is cheap, 2 outlives the loss of an availability zone. */
    natGateways: count(1, 2).default(1),
    /** What makes the pictures: `preview`, or a neural engine that the workers reach at `engineUrl`. */
    engine: z.enum(['preview', ...ENGINE_KINDS]).default('preview'),
    /** The engine's root, such as `http://127.0.0.1:8091`. */
    engineUrl: z
      .url({ protocol: /^https?$/ })
      .or(z.literal(''))
      .default(''),
    /** The model that the engine serves, by its id in functions/catalogue/engine-models.ts. */
    engineModel: z.string().default(''),
    /** The name of a secret that is made for the engine's key; without it none is sent. */
    engineSecret: z
      .string()
      .regex(/^[\w/+=.@-]{0,512}$/, 'must be up to 512 of letters, digits and _/+=.@-')
      .default(''),
    /** One job's longest on the engine: the slowest published figure, 1599 s, and half as much again. */
    engineDeadlineSeconds: count(1, 3600).default(40 * 60),
    /** The longest of the tiny clip by which an engine shows that it is sound, compilation included. */
    engineTrialSeconds: count(1, 3600).default(10 * 60),
    /** Where a browser is sent back to after sign-in, separated by commas. */
    signInCallbacks: callbacks.default(['http://127.0.0.1:4480/docs']),
    /** An OpenID provider with which customers may sign in, beside a password: its issuer, and the client it gave. */
    oidcIssuer: z
      .url({ protocol: /^https$/ })
      .or(z.literal(''))
      .default(''),
    oidcClientId: z.string().default(''),
    /** The name of the secret in Secrets Manager that holds the client's secret. */
    oidcClientSecret: z.string().default(''),
    /** Where people write to for help, in e-mails and refusals: an e-mail address, or the https URL of a page. */
    support: z
      .email()
      .or(z.url({ protocol: /^https$/ }).regex(/^[\w.~:/?#@!&()*+,;=%-]+$/))
      .default('support@mutoscope.example'),
    /** Where letters come from; its domain must be confirmed to SES. */
    mailFrom: z.email().default('no-reply@mutoscope.example'),
    /** Countries that this stage does not serve, beside those of functions/catalogue/regions.ts: ISO 3166-1 alpha-2, separated by commas. */
    refusedRegions: countries.default([]),
    /** Where a browser comes back to from Stripe's Checkout. */
    checkoutReturnUrl: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:4480/docs'),
    /** Another place than Stripe's own API, for a stand-in of it, such as `http://127.0.0.1:12111`. */
    stripeApiUrl: z
      .url({ protocol: /^https?$/ })
      .or(z.literal(''))
      .default(''),
    /** Origins of pages that may call the API from a browser, beside those of the stage's own pages, separated by commas. */
    corsOrigins: origins.default([]),
    /** Internal hosts that image_url may name although they are not on the public internet. */
    trustedImageHosts: hosts.default([]),
  })
  .refine(({ engine, engineUrl, engineModel }) => engine === 'preview' || (engineUrl && engineModel), {
    path: ['engine'],
    error: 'needs engineUrl and engineModel',
  })
  .refine(({ oidcIssuer, oidcClientId, oidcClientSecret }) => !oidcIssuer || (oidcClientId && oidcClientSecret), {
    path: ['oidcIssuer'],
    error: 'needs oidcClientId and oidcClientSecret',
  })
  .refine(({ workerMin, workerMax }) => workerMin <= workerMax, {
    path: ['workerMax'],
    error: 'must not be less than workerMin',
  });

type Setting = keyof z.infer<typeof Settings>;

export type Stage = Readonly<Omit<z.infer<typeof Settings>, 'stage' | 'logDays'>> & {
  readonly name: string;
  readonly logRetention: RetentionDays;
  /** What becomes of data when its stack goes. */
  readonly removal: RemovalPolicy;
};

/** What admission must know of the engine: it refuses what the model cannot do before anything is charged. */
export function engineSettings({ engine, engineModel }: Stage): Record<string, string> {
  return { ENGINE: engine, ENGINE_MODEL: engineModel };
}

/** Where pages come from that may call the API: the stage's own, to which browsers are sent back, and those that it names. */
export function originsOf({ signInCallbacks, checkoutReturnUrl, corsOrigins }: Stage): string[] {
  const own = [...signInCallbacks, checkoutReturnUrl].map(url => new URL(url).origin);
  return [...new Set([...own, ...corsOrigins])];
}

/** Reads the stage; throws one error that names every wrong setting. */
export function readStage(
  context: (key: string) => unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Stage {
  const names = Object.keys(Settings.shape) as Setting[];
  const given = Object.fromEntries(
    names
      .map(name => [name, context(name) ?? environment[variableOf(name)]])
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const { success, data, error } = Settings.safeParse(given);
  if (!success) {
    const wrong = error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `  ${name} (or ${variableOf(name)}) is ${JSON.stringify(given[name] ?? 'not set')}: ${message}`;
    });
    throw new Error(`The stage cannot be read:\n${wrong.join('\n')}`);
  }
  const { stage, logDays, ...settings } = data;
  return {
    ...settings,
    name: stage,
    logRetention: logDays,
    removal: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

/** `workerMax` -> `MUTOSCOPE_WORKER_MAX`; the stage's own name is `MUTOSCOPE_STAGE`. */
function variableOf(name: string): string {
  return `MUTOSCOPE_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;
}
