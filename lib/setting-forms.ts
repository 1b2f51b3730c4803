/** How the settings of a stage are written, as CDK context and the environment have them: as text. */
import * as z from 'zod';

export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], {
  error: 'must be true or false',
});
export const count = (least: number, most: number) => {
  const wrong = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(wrong).int(wrong).min(least, wrong).max(most, wrong);
};
export const hosts = z
  .string()
  .transform(text =>
    text
      .split(',')
      .map(host => host.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(z.array(z.string().regex(/^[a-z0-9.-]+(:\d+)?$/, 'must be host names separated by commas, without https://')));

export const origins = z
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

export const countries = z
  .string()
  .transform(text => text.split(',').map(country => country.trim()))
  .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be codes of countries separated by commas, such as DE,JP')));

/** Where Cognito sends browsers back to by plain HTTP. */
export const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const callback = z
  .url({ protocol: /^https?$/ })
  .max(1024)
  .refine(
    url => !/^http:/i.test(url) || LOOPBACK.includes(URL.parse(url)?.hostname ?? ''),
    'must be https: Cognito takes http only for localhost, 127.0.0.1 and [::1]',
  );
export const callbacks = z
  .string()
  .transform(text => text.split(',').map(url => url.trim()))
  .pipe(z.array(callback).min(1));
