/** What the document says before it comes to routes; each paragraph is one line. */
export const ABOUT = [
  'Video generation in two dialects over the same jobs, credits and keys: `/openapi/v2` as the PixVerse Platform API speaks, `/v1/videos` as the Videos API of August 2026.',
  'A client written for either works after changing its base URL and key.',
  'Members may be added to answers at any time: pass over those that you do not know. Under `/openapi/v2` unknown members of a call are passed over too, null is as good as left out, and a JSON body is read with GET. Under `/v1` a read (GET) passes over unknown members; what changes something refuses them. Bodies are UTF-8.',
  'A refusal changes nothing: nothing is charged, stored or started. A `seed` that is left out is drawn at random. Where time mends a refusal, the header `Retry-After` says in how many seconds to send the same call again, under `/openapi/v2` with status 200 too.',
  'Every answer names its request in `x-request-id`; those to a key or a person say what the plan allows in `ratelimit-policy`: calls a second and a day, and videos a day. While the standing of the account is not good, they say it in `mutoscope-standing`.',
].join('\n\n');

/** The tag of what asks for neither a key nor a token. */
export const OPEN = {
  name: 'Without a key',
  description:
    'The reference, its document, the terms and the page to sign in at, which anybody may read; and what Stripe reports, which it signs.',
} as const;
