import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountDigest, sealedText } from '../../functions/certificates/certificate.ts';
import {
  childrenOf,
  der,
  derInteger,
  derObjectId,
  integerOf,
  objectIdOf,
  readDer,
  SEQUENCE,
} from '../../functions/certificates/der.ts';
import { MerkleRoot, manifestLine, PART_LINES } from '../../functions/certificates/manifest.ts';
import {
  compactJws,
  joseSignature,
  jwkOf,
  payloadOf,
  signingInput,
  thumbprint,
  verifyJws,
} from '../../functions/certificates/signature.ts';
import { timeStampRequest, tokenIn, verifyTimeStamp } from '../../functions/certificates/time-stamp.ts';
import {
  type CertificateFiles,
  filesIn,
  verifyCertificate,
} from '../../functions/certificates/verified-certificate.ts';
import { StampSigner } from '../support/fake-timestamp-authority.ts';
import { AT, Issuer, objects, REQUEST } from '../support/issued-certificate.ts';

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 9162, 2.1.1, as it is written there. */
function treeHash(lines: readonly string[]): Buffer {
  if (lines.length === 0) return sha256();
  if (lines.length === 1) return sha256(Buffer.of(0), Buffer.from(lines[0] ?? ''));
  let k = 1;
  while (2 * k < lines.length) k *= 2;
  return sha256(Buffer.of(1), treeHash(lines.slice(0, k)), treeHash(lines.slice(k)));
}

describe('the manifest', () => {
  it('has the root that RFC 9162 defines, of any lines', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), lines => {
        const tree = new MerkleRoot();
        for (const line of lines) tree.add(line);
        expect(tree.root()).toBe(treeHash(lines).toString('hex'));
      }),
      { numRuns: 50 },
    );
  });

  it('does not name the account in a key', () => {
    const [object] = objects(1);
    if (object?.kind !== 'object') throw new Error('no object');
    expect(manifestLine(object, 'acct_1')).not.toContain('acct_1');
    expect(JSON.parse(manifestLine(object, 'acct_1')).key).toBe('accounts/~/videos/0/1/video.mp4');
  });
});

describe('a signature', () => {
  it('in DER is r and s of 32 bytes each, of any message and key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    fc.assert(
      fc.property(fc.uint8Array(), message => {
        const jose = joseSignature(sign('sha256', message, privateKey));
        expect(jose).toHaveLength(64);
        expect(verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, jose)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('of the key of RFC 7638 would have its thumbprint: the members in the order that it names', () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) } as const;
    const text = `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`;
    expect(thumbprint({ ...jwk })).toBe(sha256(Buffer.from(text)).toString('base64url'));
  });

  it('counts under one of several keys: an old key stays in the set after a new one came', async () => {
    const issuer = new Issuer();
    const { sealed } = await issuer.issue();
    const newer = jwkOf(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }),
    );
    expect(verifyJws(sealed.jws, [newer, issuer.jwk])).toMatchObject({ kind: 'valid', kid: issuer.kid });
    expect(verifyJws(sealed.jws, [newer])).toMatchObject({ kind: 'invalid', why: expect.stringContaining('no key') });
  });

  it('of another algorithm, or of a key under the id of another, is none', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = jwkOf(publicKey.export({ type: 'spki', format: 'der' }));
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encoded({ alg: 'none', kid: thumbprint(jwk), typ: 'deletion-certificate+jwt' })}.${encoded({})}.`;
    expect(verifyJws(unsigned, [jwk])).toMatchObject({ kind: 'invalid' });
    const input = signingInput('{}', 'somebody');
    expect(verifyJws(compactJws(input, sign('sha256', Buffer.from(input), privateKey)), [jwk])).toMatchObject({
      kind: 'invalid',
    });
  });
});

describe('DER', () => {
  it('is read as it was written: numbers, object ids and lengths', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.nat(70_000),
        (bytes, ids, size) => {
          expect(derInteger(readDer(integerOf(bytes)))).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
          const id = ['1', '2', ...ids].join('.');
          expect(derObjectId(readDer(objectIdOf(id)))).toBe(id);
          const [inner] = childrenOf(readDer(der(SEQUENCE, der(0x04, Buffer.alloc(size)))));
          expect(inner?.content).toHaveLength(size);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is refused where it is cut off, has something behind it, or is longer than it needs to be', () => {
    const whole = der(SEQUENCE, integerOf(Buffer.of(1, 2, 3)));
    expect(() => readDer(whole.subarray(0, -1))).toThrow('cut off');
    expect(() => readDer(Buffer.concat([whole, Buffer.of(5, 0)]))).toThrow('not one value');
    expect(() => readDer(Buffer.of(0x04, 0x81, 1, 0))).toThrow('too long');
    expect(() => derInteger(readDer(Buffer.of(0x02, 2, 0, 1)))).toThrow('more bytes than it needs');
  });
});

describe('a time stamp', () => {
  const signer = new StampSigner({ at: AT });
  const bytes = Buffer.from('what was signed');

  it('is asked for by the hash alone, and its answer has the nonce', () => {
    const request = timeStampRequest(bytes, Buffer.from('0102030405060708', 'hex'));
    expect(request.includes(bytes)).toBe(false);
    const stamp = verifyTimeStamp(tokenIn(signer.reply(request, AT)), bytes);
    expect(stamp).toEqual({
      kind: 'valid',
      at: AT.toISOString(),
      authority: 'CN=Time-stamp authority of a test',
      trusted: undefined,
      nonce: 0x0102030405060708n,
    });
  });

  it('is trusted where its authority comes from one that the reader named, and else not', () => {
    const token = signer.stamp(bytes, AT);
    expect(verifyTimeStamp(token, bytes, [signer.root])).toMatchObject({ kind: 'valid', trusted: true });
    const stranger = new StampSigner({ at: AT }).root;
    expect(verifyTimeStamp(token, bytes, [stranger])).toMatchObject({ kind: 'valid', trusted: false });
  });

  it('of other bytes, of a certificate for something else, or of one that had ended, is none', () => {
    const token = signer.stamp(bytes, AT);
    expect(verifyTimeStamp(token, Buffer.from('others'))).toMatchObject({ why: 'the time stamp is of other bytes' });
    const server = new StampSigner({ at: AT, purpose: '1.3.6.1.5.5.7.3.1' }).stamp(bytes, AT);
    expect(verifyTimeStamp(server, bytes)).toMatchObject({ why: 'its certificate is not one for time stamps' });
    const late = signer.stamp(bytes, new Date(AT.getTime() + 2 * 365 * 86_400_000));
    expect(verifyTimeStamp(late, bytes)).toMatchObject({ why: 'its certificate was not valid at that time' });
  });

  it('with another signature is none', () => {
    const token = signer.stamp(bytes, AT);
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1;
    expect(verifyTimeStamp(token, bytes)).toMatchObject({ why: 'the signature of the time stamp is not right' });
  });

  it('that was refused says with which status', () => {
    const refused = der(SEQUENCE, der(SEQUENCE, integerOf(Buffer.of(2))));
    expect(() => tokenIn(refused)).toThrow('status 2');
  });
});

describe('a certificate', () => {
  const issuer = new Issuer();
  let files: CertificateFiles;
  const check = (of: CertificateFiles, more = {}) =>
    verifyCertificate(of, { keys: [issuer.jwk], trusted: [issuer.stamps.root], ...more });

  beforeAll(async () => {
    const { sealed } = await issuer.issue();
    files = { sealed, parts: issuer.store.parts(REQUEST.certificateId), manifestUrls: [] };
  });

  it('says what was deleted and what stayed, whose it was by hash alone, and when no backup has it any more', () => {
    const { problems, certificate, kid, stamp, manifest } = check(files);
    expect([problems, kid, stamp?.at, stamp?.trusted, manifest]).toEqual([
      [],
      issuer.kid,
      AT.toISOString(),
      true,
      'verified',
    ]);
    expect(certificate).toMatchObject({
      id: REQUEST.certificateId,
      issuer: 'Mutoscope',
      subject: {
        kind: 'video',
        video_id: 'video_398412341234567',
        account_sha256: accountDigest(REQUEST.certificateId, 'acct_1'),
      },
      cause: 'deleted by its owner',
      deleted: {
        objects: [
          { bucket: 'documents', versions: 2, bytes: 2003 },
          { bucket: 'media', versions: 3, bytes: 3007 },
        ],
        rows: [{ table: 'jobs', of: 'selection of masks', count: 2 }],
        other: [{ what: 'delete marker', count: 1 }],
      },
      stayed: REQUEST.stayed,
      backups: { days: 35, until: '2027-01-04T08:59:59.000Z' },
      time_stamp: 'rfc3161',
    });
    for (const file of issuer.store.files.values()) expect(file.includes('acct_1')).toBe(false);
  });

  it('verifies from its JSON, and from its PDF with nothing beside it', () => {
    expect(check({ ...filesIn(issuer.sealedFile), parts: files.parts }).problems).toEqual([]);
    const fromPdf = check(filesIn(issuer.pdf));
    expect([fromPdf.problems, fromPdf.manifest]).toEqual([[], 'verified']);
  });

  it('with one changed byte anywhere in its file does not verify', () => {
    const file = issuer.sealedFile;
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(isValid(() => check({ ...filesIn(changed), parts: files.parts }).problems)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  const resealed = (jws: string, time_stamp: string | null) => {
    const digest = sha256(Buffer.from(JSON.stringify({ jws, time_stamp }))).toString('hex');
    return { jws, time_stamp, sha256: digest };
  };

  it('with one changed letter of its signature or its payload does not verify, where its checksum was made anew and no time stamp is there to miss it', async () => {
    const other = new Issuer();
    const { sealed } = await other.issue({}, { stamp: undefined });
    const parts = other.store.parts(REQUEST.certificateId);
    const problems = (jws: string) =>
      verifyCertificate({ sealed: resealed(jws, null), parts }, { keys: [other.jwk] }).problems;
    expect(problems(sealed.jws)).toEqual([]);
    const changedAt = (at: number, letter: string) => `${sealed.jws.slice(0, at)}${letter}${sealed.jws.slice(at + 1)}`;
    fc.assert(
      fc.property(fc.nat(sealed.jws.length - 1), fc.constantFrom('A', 'B', '-', '.', '9'), (at, letter) => {
        fc.pre(sealed.jws[at] !== letter);
        expect(isValid(() => problems(changedAt(at, letter)))).toBe(false);
      }),
      { numRuns: 300 },
    );
    // Of the last letter only some bits count: the others are zero, and must be.
    const last = sealed.jws.length - 1;
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      expect(problems(changedAt(last, letter)).length === 0).toBe(letter === sealed.jws[last]);
    }
  });

  it('with another time in its time stamp does not verify, where its checksum was made anew', () => {
    const { jws } = files.sealed;
    const token = Buffer.from(files.sealed.time_stamp ?? '', 'base64');
    const stated = token.indexOf(Buffer.from('20261130090000Z'));
    for (let at = stated; at < stated + 15; at++) {
      const changed = Buffer.from(token);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const sealed = resealed(jws, changed.toString('base64'));
      expect(isValid(() => check({ ...files, sealed }).problems)).toBe(false);
    }
  });

  it('with one changed byte of its manifest does not verify', () => {
    const [part = ''] = files.parts;
    fc.assert(
      fc.property(fc.nat(Buffer.byteLength(part) - 1), fc.integer({ min: 1, max: 127 }), (at, change) => {
        const changed = Buffer.from(part);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(check({ ...files, parts: [changed.toString()] }).problems).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('with one changed byte of what its PDF carries does not verify', () => {
    const { pdf } = issuer;
    const carried = [
      ...pdf.toString('latin1').matchAll(/\/Type \/EmbeddedFile[\s\S]*?stream\n([\s\S]*?)\nendstream/g),
    ].map(match => ({
      start: match.index + match[0].indexOf('stream\n') + 7,
      length: match[1]?.length ?? 0,
    }));
    expect(carried).toHaveLength(2);
    fc.assert(
      fc.property(
        fc.constantFrom(...carried),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ start, length }, at, change) => {
          const changed = Buffer.from(pdf);
          const position = start + (at % length);
          changed[position] = (changed[position] ?? 0) ^ change;
          expect(isValid(() => check(filesIn(changed)).problems)).toBe(false);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('without its time stamp, its manifest or its key does not verify, and says which', () => {
    const sealed = resealed(files.sealed.jws, null);
    expect(check({ ...files, sealed }).problems).toEqual(['its time stamp is missing']);
    expect(check({ ...files, parts: [] }).manifest).toBe('not_given');
    expect(check({ ...files, parts: ['{}\n'] }).problems).toHaveLength(2);
    expect(check(files, { keys: [] }).problems).toEqual([expect.stringContaining('no key of the set')]);
    const stranger = new StampSigner({ at: AT }).root;
    expect(check(files, { trusted: [stranger] }).problems).toEqual([expect.stringContaining('not among those given')]);
  });

  it('as the API shows it does not verify where what is shown is not what is signed', () => {
    const { certificate } = check(files);
    const answer = { object: 'certificate', ...files.sealed, certificate, manifest: [{ url: 'https://a.example/1' }] };
    const read = filesIn(Buffer.from(JSON.stringify(answer)));
    expect(read.manifestUrls).toEqual(['https://a.example/1']);
    expect(check({ ...read, parts: files.parts }).problems).toEqual([]);
    const other = { ...answer, certificate: { ...certificate, cause: 'another' } };
    expect(check({ ...filesIn(Buffer.from(JSON.stringify(other))), parts: files.parts }).problems).toHaveLength(1);
    expect(() => filesIn(Buffer.from('{}'))).toThrow('neither a certificate');
  });

  it('that was written in another way is none: with spaces, or its members in another order', () => {
    const { jws, time_stamp, sha256: digest } = files.sealed;
    for (const text of [
      `${issuer.sealedFile}\n`,
      JSON.stringify(files.sealed, null, 1),
      JSON.stringify({ sha256: digest, time_stamp, jws }),
    ]) {
      expect(() => filesIn(Buffer.from(text))).toThrow('neither a certificate');
    }
  });

  it.each([
    ['the manifest has another root', { manifest: { root: '0'.repeat(64) } }],
    ['the certificate counts other objects than its manifest', { deleted: { objects: [] } }],
    [
      'the certificate counts other objects than its manifest',
      { deleted: { objects: [{ bucket: 'media', versions: 5, bytes: 5010 }] } },
    ],
  ])(
    'that contradicts its manifest does not verify, whoever signed it: %s',
    async (problem, change: { manifest?: object; deleted?: object }) => {
      const other = new Issuer();
      const { sign } = other.dependencies();
      const lying = (payload: string): Promise<string> => {
        const { manifest, deleted, ...rest } = JSON.parse(payload);
        const said = {
          ...rest,
          manifest: { ...manifest, ...change.manifest },
          deleted: { ...deleted, ...change.deleted },
        };
        return sign(JSON.stringify(said));
      };
      const { sealed } = await other.issue({}, { sign: lying });
      const parts = other.store.parts(REQUEST.certificateId);
      expect(verifyCertificate({ sealed, parts }, { keys: [other.jwk] }).problems).toEqual([problem]);
    },
  );

  it('of a stage without an authority says that it has no time stamp, and verifies', async () => {
    const other = new Issuer();
    const { certificate, sealed } = await other.issue({}, { stamp: undefined });
    expect([certificate.time_stamp, sealed.time_stamp]).toEqual(['none', null]);
    const parts = other.store.parts(REQUEST.certificateId);
    expect(verifyCertificate({ sealed, parts }, { keys: [other.jwk] }).problems).toEqual([]);
  });

  it('stays small however much was deleted: the list is in parts, found by their hash', async () => {
    const other = new Issuer();
    const count = 2 * PART_LINES + 1;
    const { certificate, sealed } = await other.issue({ items: objects(count) });
    expect(certificate.manifest.parts.map(({ lines }) => lines)).toEqual([PART_LINES, PART_LINES, 1]);
    expect(sealedText(sealed).length).toBeLessThan(8000);
    const parts = other.store.parts(REQUEST.certificateId);
    const verified = (some: readonly string[]) =>
      verifyCertificate({ sealed, parts: some }, { keys: [other.jwk] }).problems;
    expect(verified(parts.toReversed())).toEqual([]);
    expect(verified(parts.slice(1))).toEqual([expect.stringContaining('is missing')]);
    expect(filesIn(other.pdf).parts).toEqual([]);
  });
});

describe('issuing a certificate', () => {
  it('again gives the first, whatever is said then: nothing is signed twice', async () => {
    const issuer = new Issuer();
    const first = await issuer.issue();
    const before = new Map(issuer.store.files);
    const again = await issuer.issue({ items: [], cause: 'another' });
    expect([first.fresh, again.fresh, issuer.signatures]).toEqual([true, false, 1]);
    expect(again.sealed).toEqual(first.sealed);
    expect(issuer.store.files).toEqual(before);
  });

  it('by two at once gives both the one that was stored', async () => {
    const issuer = new Issuer();
    const [one, other] = await Promise.all([issuer.issue(), issuer.issue()]);
    expect(one.sealed).toEqual(other.sealed);
    expect([one.fresh, other.fresh].filter(Boolean)).toHaveLength(1);
    expect(filesIn(issuer.pdf).sealed).toEqual(one.sealed);
  });

  it('that is cut off after any write is ended by the next call, with the same certificate', async () => {
    for (let writes = 0; writes <= 3; writes++) {
      const issuer = new Issuer();
      const { store } = issuer;
      let left = writes;
      const failing = {
        read: store.read.bind(store),
        put: async (id: string, name: string, body: string | Uint8Array) => {
          if (left-- === 0) throw new Error('cut off');
          return store.put(id, name, body);
        },
      };
      const first = await issuer.issue({}, { store: failing }).catch(() => undefined);
      expect(first === undefined).toBe(writes < 3);
      const { sealed } = await issuer.issue();
      const found = filesIn(issuer.pdf);
      expect(found.sealed).toEqual(sealed);
      expect(verifyCertificate(found, { keys: [issuer.jwk] }).problems).toEqual([]);
      expect(issuer.store.files.size).toBe(3);
    }
  });

  it('with an id that is none, or that has a time that is none, stores nothing', async () => {
    const issuer = new Issuer();
    await expect(issuer.issue({ certificateId: 'cert_1' })).rejects.toThrow('it must be the id of a certificate');
    await expect(issuer.issue({ endedAt: 'today' })).rejects.toThrow();
    expect(issuer.store.files.has(`${REQUEST.certificateId}/certificate.json`)).toBe(false);
  });

  it('makes the same PDF of the same certificate', async () => {
    const issuer = new Issuer();
    await issuer.issue();
    const { pdf } = issuer;
    for (const name of issuer.store.files.keys()) if (name.endsWith('.pdf')) issuer.store.files.delete(name);
    await issuer.issue();
    expect(issuer.pdf.equals(pdf)).toBe(true);
    expect(payloadOf(filesIn(pdf).sealed.jws)).toMatchObject({ id: REQUEST.certificateId });
  });
});

/** Whether it verifies; a file that cannot be read does not. */
function isValid(problems: () => readonly string[]): boolean {
  try {
    return problems().length === 0;
  } catch {
    return false;
  }
}
