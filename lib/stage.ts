/**
 * What differs from one deployment to another, and nothing else. Each setting comes from CDK context
 * (`cdk deploy --all -c stage=prod -c workerMax=20`), else from the environment (`MUTOSCOPE_WORKER_MAX=20`), else it
 * has the default below. A value that is not right stops the synthesis with its name, and so does one that makes a stage
 * of no use to anybody, such as a page on 127.0.0.1, except in a stage for development: `dev`, or `dev-` and a name.
 */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { ENGINE_KINDS } from '../functions/catalogue/engine-models.ts';
import { readReference, showSignIn } from '../functions/reference/contract.ts';
import { ISSUER_SETTINGS, issuerLacks } from './issuer-settings.ts';
import { callbacks, count, countries, flag, hosts, LOOPBACK, origins } from './setting-forms.ts';

/** Where the pages stand that browsers are sent back to, on this machine and on a domain of the stage. */
const LOCAL_API = 'http://127.0.0.1:4480';
const SIGN_IN_PAGE = showSignIn.path;
const PAID_PAGE = readReference.path;

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
    /**
     * Whether data outlives the stack: tables, buckets, user pools, secrets and logs are kept, and tables and user pools
     * refuse to be deleted. Without it a stack takes all of it along, full buckets too.
     */
    retain: flag.default(true),
    /** The API's own domain, such as `api.example.com`; without it the API has the address that AWS gives, with `/live`. */
    domainName: z
      .string()
      .regex(
        /^$|^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
        'must be a domain, such as api.example.com',
      )
      .default(''),
    /** The domain's certificate in AWS Certificate Manager, in the region of the stage. */
    certificateArn: z
      .string()
      .regex(/^$|^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of a certificate in ACM')
      .default(''),
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
    /** Workers kept warm, each with a GPU where the engine is a neural one; 0 costs nothing idle and makes the first job wait for minutes. */
    workerMin: count(0, 100).default(1),
    workerMax: count(1, 100).default(4),
    /** NAT gateways for the workers: 1 is cheap, 2 outlives the loss of an availability zone. */
    natGateways: count(1, 2).default(1),
    /** What makes the pictures: `preview`, on CPUs, or a neural engine that the workers reach at `engineUrl`. */
    engine: z.enum(['preview', ...ENGINE_KINDS]).default('preview'),
    /** The engine's root, such as `http://127.0.0.1:8091`. */
    engineUrl: z
      .url({ protocol: /^https?$/ })
      .or(z.literal(''))
      .default(''),
    /** The model that the engine serves, by its id in functions/catalogue/engine-models.ts. */
    engineModel: z.string().default(''),
    /** Whether the engine asks for a key: a secret is made for it, and the stack's output EngineSecretArn names that. */
    engineSecret: flag.default(false),
    /** One job's longest on the engine: the slowest published figure, 1599 s, and half as much again. */
    engineDeadlineSeconds: count(1, 3600).default(40 * 60),
    /** The longest of the tiny clip by which an engine shows that it is sound, compilation included. */
    engineTrialSeconds: count(1, 3600).default(10 * 60),
    /** Where a browser is sent back to after sign-in, separated by commas; by default the sign-in page of `domainName`. */
    signInCallbacks: callbacks.default([`${LOCAL_API}${SIGN_IN_PAGE}`]),
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
    /** Where letters come from. Its domain is made known to SES where it is not yet, and confirmed by the DKIM records among the outputs. */
    mailFrom: z.email().default('no-reply@mutoscope.example'),
    /** Countries that this stage does not serve, beside those of functions/catalogue/regions.ts: ISO 3166-1 alpha-2, separated by commas. */
    refusedRegions: countries.default([]),
    ...ISSUER_SETTINGS,
    /** Where a browser comes back to from Stripe's Checkout; by default a page of `domainName`. */
    checkoutReturnUrl: z.url({ protocol: /^https?$/ }).default(`${LOCAL_API}${PAID_PAGE}`),
    /** Another place than Stripe's own API, for a stand-in of it, such as `http://127.0.0.1:12111`. */
    stripeApiUrl: z
      .url({ protocol: /^https?$/ })
      .or(z.literal(''))
      .default(''),
    /** A time-stamp authority as of RFC 3161, which stamps certificates of deletion; without one they have no time stamp. */
    timestampUrl: z
      .url({ protocol: /^https?$/ })
      .or(z.literal(''))
      .default(''),
    /** Origins of pages that may call the API from a browser, beside those of the stage's own pages, separated by commas. */
    corsOrigins: origins.default([]),
    /** What rules that watch use do: `act`, or `observe`, which opens their cases and stops and warns nobody. */
    useRules: z.enum(['act', 'observe']).default('act'),
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
  })
  .refine(settings => !issuerLacks(settings), {
    path: ['invoiceCountry'],
    error: 'needs invoiceAddress and invoiceTaxId, which stand on every invoice',
  })
  .refine(({ domainName, certificateArn }) => Boolean(domainName) === Boolean(certificateArn), {
    path: ['domainName'],
    error: 'goes together with certificateArn',
  })
  .superRefine((settings, { addIssue }) => {
    if (isForDevelopment(settings.stage)) return;
    for (const [name, remedy] of Object.entries(NEEDS_AN_ADDRESS) as [keyof typeof NEEDS_AN_ADDRESS, string][]) {
      const unusable = [settings[name]].flat().filter(address => address !== '' && isNowhere(address));
      if (unusable.length === 0) continue;
      const message = `leads to ${unusable.join(', ')}, where nobody finds it outside a stage for development: ${remedy}`;
      addIssue({ code: 'custom', path: [name], message });
    }
  });

type Settings = z.infer<typeof Settings>;
type Setting = keyof Settings;
const SETTINGS = Object.keys(Settings.shape) as Setting[];

/** What must lead somewhere before a stage is of use, and what to do where it does not. */
const NEEDS_AN_ADDRESS = {
  signInCallbacks: 'give an https page of yours, or domainName and certificateArn, or use -c stage=dev',
  checkoutReturnUrl: 'give an https page of yours, or domainName and certificateArn, or use -c stage=dev',
  mailFrom: 'give an address of a domain of yours, such as -c mailFrom=no-reply@example.com, or use -c stage=dev',
  support: 'give an address of yours where help is given, such as -c support=help@example.com, or use -c stage=dev',
  engineUrl: 'give an address that the workers reach, as none has an engine beside it, or use -c stage=dev',
  oidcIssuer: 'give an issuer that Cognito reaches, or use -c stage=dev',
  stripeApiUrl: "leave it out for Stripe's own API, or use -c stage=dev",
  timestampUrl: 'give the address of an authority on the internet, or use -c stage=dev',
} as const satisfies Partial<Record<Setting, string>>;

/** `npm start` has such a stage, and so may each engineer in AWS. */
function isForDevelopment(stage: string): boolean {
  return /^dev(-|$)/.test(stage);
}

/** Domains that RFC 2606 keeps from ever being anybody's. */
const NOBODYS = /(^|\.)(example|test|invalid|localhost)$/;

/** Whether a URL or an e-mail address is of this machine alone, or of a domain that nobody can have. */
function isNowhere(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? address.slice(address.lastIndexOf('@') + 1);
  return LOOPBACK.includes(host) || /^127\./.test(host) || NOBODYS.test(host.toLowerCase());
}

export type Stage = Readonly<Omit<Settings, 'stage' | 'logDays'>> & {
  readonly name: string;
  readonly logRetention: RetentionDays;
  /** What becomes of data when its stack goes; a stack that could not be made leaves nothing behind. */
  readonly removal: RemovalPolicy;
  /** The same for what refuses to be deleted, where CloudFormation must not try. */
  readonly protectedRemoval: RemovalPolicy;
};

/** What admission must know of the engine: it refuses what the model cannot do before anything is charged. */
export function engineSettings({ engine, engineModel }: Stage): Record<string, string> {
  return { ENGINE: engine, ENGINE_MODEL: engineModel };
}

/** What a package costs, and who says how much of that is tax. */
export function pricingSettings({ packagePrices, taxBy, invoiceCountry }: Stage): Record<string, string> {
  return { PACKAGE_PRICES: packagePrices, TAX_BY: taxBy, INVOICE_COUNTRY: invoiceCountry };
}

/** Where pages come from that may call the API: the stage's own, to which browsers are sent back, and those that it names. */
export function originsOf({ signInCallbacks, checkoutReturnUrl, corsOrigins }: Stage): string[] {
  const own = [...signInCallbacks, checkoutReturnUrl].map(url => new URL(url).origin);
  return [...new Set([...own, ...corsOrigins])];
}

/** The platform's own page among those that browsers are sent back to after sign-in; undefined where there is none. */
export function signInPageOf({ signInCallbacks }: Stage): string | undefined {
  return signInCallbacks.find(url => new URL(url).pathname.endsWith(SIGN_IN_PAGE));
}

/** Reads the stage; throws one error that names every wrong setting. */
export function readStage(
  context: (key: string) => unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Stage {
  const given = givenSettings(context, environment);
  const { success, data, error } = Settings.safeParse({ ...ofDomain(given.domainName), ...given });
  if (!success) {
    const wrong = error.issues.map(({ path, message }) => {
      const name = String(path[0]) as Setting;
      return `  ${name} (or ${variableOf(name)}) is ${JSON.stringify(given[name] ?? 'not set')}: ${message}`;
    });
    throw new Error(`The stage cannot be read:\n${wrong.join('\n')}`);
  }
  const { stage, logDays, ...settings } = data;
  return {
    ...settings,
    name: stage,
    logRetention: logDays,
    removal: settings.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    protectedRemoval: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

/** Throws where the context has a setting that is written otherwise, such as `workermax`: nobody would read it. */
export function assertSpelt(contextNames: readonly string[]): void {
  const written = (name: string) => name.replace(/[-_]/g, '').toLowerCase();
  const wrong = contextNames.flatMap(name => {
    const meant = SETTINGS.find(setting => setting !== name && written(setting) === written(name));
    return meant ? [`  ${name} is no setting: write ${meant}`] : [];
  });
  if (wrong.length > 0) throw new Error(`The stage cannot be read:\n${wrong.join('\n')}`);
}

/** What nobody has set, as one line for who deploys: the settings that have a default with that, and those that have none. */
export function settingsAtDefault(
  context: (key: string) => unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const given = givenSettings(context, environment);
  const defaults: Partial<Record<string, unknown>> = { ...Settings.safeParse({}).data, ...ofDomain(given.domainName) };
  const left = SETTINGS.filter(name => given[name] === undefined).map(name => {
    return { name, value: [defaults[name] ?? []].flat().join(',') };
  });
  const set = left.filter(({ value }) => value !== '').map(({ name, value }) => `${name}=${value}`);
  const empty = left.filter(({ value }) => value === '').map(({ name }) => name);
  return `at their default: ${set.join(' ')}; not set: ${empty.join(' ')}`;
}

function givenSettings(
  context: (key: string) => unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Partial<Record<Setting, unknown>> {
  return Object.fromEntries(
    SETTINGS.map(name => [name, context(name) ?? environment[variableOf(name)]]).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
}

/** Where browsers are sent back to in a stage with a domain of its own. */
function ofDomain(domainName: unknown): Partial<Record<Setting, unknown>> {
  if (domainName === undefined) return {};
  return {
    signInCallbacks: `https://${domainName}${SIGN_IN_PAGE}`,
    checkoutReturnUrl: `https://${domainName}${PAID_PAGE}`,
  };
}

/** `workerMax` -> `MUTOSCOPE_WORKER_MAX`; the stage's own name is `MUTOSCOPE_STAGE`. */
function variableOf(name: string): string {
  return `MUTOSCOPE_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;
}
