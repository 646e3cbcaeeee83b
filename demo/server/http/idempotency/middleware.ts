import { createHash } from 'node:crypto';
import type { HonoRequest, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';
import { problem } from '../problem.ts';
import { maxKeyLength, readKey } from './key.ts';
import { createMemoryStore, type IdempotencyStore, type Result } from './store.ts';

const unsafe: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Statuses, beside 5xx, that ask to try again: a kept answer would make that useless. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

const isFinal = (status: number) => status < 500 && !passing.has(status);

/** One digest of several texts; JSON keeps apart what concatenation would mix. */
const digest = (texts: readonly string[], bytes?: ArrayBuffer) => {
  const hash = createHash('sha256').update(JSON.stringify(texts));
  if (bytes) hash.update(new Uint8Array(bytes));
  return hash.digest('base64url');
};

/** What is asked: under one key it must always be the same. */
async function fingerprintOf(request: HonoRequest): Promise<string> {
  const { pathname, search } = new URL(request.url);
  const what = [request.method, pathname + search, request.header('content-type') ?? ''];
  return digest(what, await request.arrayBuffer());
}

const toResult = async (response: Response): Promise<Result> => ({
  status: response.status,
  headers: [...response.headers],
  body: response.body && (await response.arrayBuffer()),
});

function replay({ status, headers, body }: Result): Response {
  const response = new Response(body, { status, headers: headers.map(([...field]) => field) });
  response.headers.set('idempotency-replayed', 'true');
  return response;
}

/**
 * Makes unsafe requests that carry an `Idempotency-Key` safe to repeat: the first one is carried out,
 * and later ones with the same key, by the same client, get its answer and change nothing.
 *
 * - 400 if the key is no string of 1 to 255 characters.
 * - 409 while the first request is still being worked on.
 * - 422 if the key was used for something else.
 *
 * Failures of the server (5xx) aren't kept: the next attempt is a first one again.
 */
export function createIdempotency(
  store: IdempotencyStore = createMemoryStore(),
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const field = c.req.header('idempotency-key');
    if (field === undefined || !unsafe.has(c.req.method)) return next();
    const key = readKey(field);
    if (key === null) {
      const detail = `Idempotency-Key must be a quoted string of 1 to ${maxKeyLength} printable ASCII characters.`;
      return problem(400, 'Bad idempotency key', detail);
    }
    // Two users with the same key must never meet. Who is none yet logs in: a token isn't to be kept.
    const user = c.get('user') as AppEnv['Variables']['user'] | undefined;
    if (!user) return next();
    const name = digest([user.id, key]);
    const fingerprint = await fingerprintOf(c.req);

    const begun = await store.begin(name, fingerprint);
    if (!('finish' in begun)) {
      if (begun.fingerprint !== fingerprint) {
        const detail = 'This Idempotency-Key belongs to another request. Choose a new one.';
        return problem(422, 'Idempotency key used before', detail);
      }
      if (begun.result) return replay(begun.result);
      const detail = 'The first request with this Idempotency-Key is still being worked on.';
      return problem(409, 'Request under way', detail);
    }

    let result: Result | null = null;
    try {
      await next();
      if (isFinal(c.res.status)) result = await toResult(c.res.clone());
    } finally {
      await begun.finish(result);
    }
    return undefined;
  };
}
