import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { formMembersOf } from '../../functions/http/multipart.ts';
import { imageBytes } from '../../functions/uploads/upload-command.ts';

const event = (contentType: string, body: Buffer | string) =>
  ({
    headers: { 'Content-Type': contentType },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  }) as unknown as APIGatewayProxyEvent;

const part = (disposition: string, content: Buffer | string) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from('--b--\r\n')]);
const FORM = 'multipart/form-data; boundary=b';
const refusal = async (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );

describe('a multipart upload', () => {
  it('gives the file byte for byte, and the fields beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
        const body = form(part('name="image"; filename="a.png"', Buffer.from(bytes)), part('name="tag"', 'x'));
        expect(await formMembersOf(event(FORM, body))).toEqual({ image: Buffer.from(bytes), tag: 'x' });
      }),
    );
  });

  it('takes a part without a file name for a file where its type is none of text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('image/png', 'video/mp4', 'application/octet-stream', 'Image/JPEG; q=1'),
        async (bytes, type) => {
          const headers = `name="image"\r\nContent-Type: ${type}`;
          const body = form(part(headers, Buffer.from(bytes)), part('name="tag"', 'x'));
          expect(await formMembersOf(event(FORM, body))).toEqual({ image: Buffer.from(bytes), tag: 'x' });
        },
      ),
    );
  });

  it.each(['text/plain', 'text/plain; charset=us-ascii', 'application/json'])(
    'takes a part of the type %s for a text',
    async type => {
      const body = form(part(`name="tag"\r\ncontent-type: ${type}`, 'x'));
      expect(await formMembersOf(event(FORM, body))).toEqual({ tag: 'x' });
    },
  );

  it.each([
    ['whose boundary is in quotes', 'multipart/form-data; boundary="b"', form(part('name="tag"', 'x'))],
    [
      'after a preamble, with blanks behind boundaries',
      FORM,
      Buffer.from(`hello\r\n--b \t\r\nContent-Disposition: form-data; name=tag\r\n\r\nx\r\n--b--`),
    ],
    ['whose header goes on on the next line', FORM, form(part('\r\n name="tag"', 'x'))],
    ['whose text looks like a boundary', FORM, form(part('name="tag"', 'x'), part('name="more"', '--b-- --b'))],
  ])('is read %s', async (_what, type, body) => {
    expect(await formMembersOf(event(type, body))).toMatchObject({ tag: 'x' });
  });

  it('with a part whose headers do not end is refused, and swallows no other', async () => {
    const endless = Buffer.from('--b\r\nContent-Disposition: form-data; name="a"\r\n');
    const body = Buffer.concat([endless, form(part('name="tag"', 'x'))]);
    expect(await refusal(formMembersOf(event(FORM, body)))).toMatchObject({ kind: 'wrong_type' });
  });

  it('that ends early is refused wherever it was cut, and never waits for the rest', async () => {
    const body = form(part('name="image"; filename="a.png"', 'bytes'), part('name="tag"', 'x'));
    await fc.assert(
      // Up to the last hyphen: without the line break behind it the form is whole.
      fc.asyncProperty(fc.nat({ max: body.length - 3 }), async cut => {
        expect(await refusal(formMembersOf(event(FORM, body.subarray(0, cut))))).toMatchObject({
          name: 'Refusal',
          kind: 'wrong_type',
        });
      }),
    );
  });

  it('of random bytes is read or refused, and throws nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(FORM, 'multipart/form-data', 'multipart/form-data; boundary='),
        fc.uint8Array({ maxLength: 200 }),
        async (type, bytes) => {
          const error = await refusal(formMembersOf(event(type, Buffer.concat([Buffer.from('--b\r\n'), bytes]))));
          if (error !== undefined) expect(error).toBeInstanceOf(Refusal);
        },
      ),
    );
  });

  it('with a field called __proto__ changes nothing that other objects inherit', async () => {
    await formMembersOf(
      event(FORM, form(part('name="__proto__"; filename="a"', 'bytes'), part('name="constructor"', 'x'))),
    );
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect({}.constructor).toBe(Object);
  });
});

describe('an upload by URL', () => {
  it.each([
    ['application/x-www-form-urlencoded', 'image_url=https%3A%2F%2Fhost%2Fa.png'],
    ['application/json', '{"image_url":"https://host/a.png"}'],
    ['Multipart/Form-Data; boundary=b', form(part('name="image_url"', 'https://host/a.png')).toString()],
    [FORM, form(part('name="image_url"', 'https://host/a.png')).toString()],
  ])('is read from %s', async (contentType, body) => {
    expect(await formMembersOf(event(contentType, body))).toEqual({ image_url: 'https://host/a.png' });
  });

  it('of an address inside is refused as a source, with the reason and nothing fetched', async () => {
    const error = await refusal(imageBytes(undefined, 'http://169.254.169.254/latest/meta-data/', []));
    expect(error).toMatchObject({
      kind: 'image_source',
      message: 'image_url cannot be fetched: it points to an address that is not public',
    });
  });
});

describe('the image', () => {
  it('is the bytes of the file part', async () => {
    expect(await imageBytes(Buffer.from('bytes'), undefined, [])).toEqual(Buffer.from('bytes'));
  });

  it.each([
    ['is missing', undefined, undefined, 'missing_parameter'],
    ['comes twice', Buffer.from('bytes'), 'https://host/a.png', 'invalid_parameter'],
    ['is text and no file', 'bytes', undefined, 'wrong_type'],
  ] as const)('that %s is refused', async (_name, image, url, kind) => {
    expect(await refusal(imageBytes(image, url, []))).toMatchObject({
      name: 'Refusal',
      kind,
      message: expect.stringContaining('image'),
    });
  });
});
