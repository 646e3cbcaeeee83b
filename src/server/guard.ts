import type { Settings } from './options.ts';
import { Problem, quote } from './problem.ts';

/** The field that marks an item's request, so that a batch inside a batch is recognised. */
export const itemMarker = 'carpool-item';

/**
 * Refuses what is not a batch from a page of this site, before its body is read.
 *
 * A browser tells where a request comes from and no page can forge that: `Sec-Fetch-Site` decides
 * where it is sent, which also holds behind a proxy that ends TLS or renames the host. Browsers from
 * before 2023 send `Origin` alone; its host must be the request's. What sends neither is no browser,
 * and no victim of cross-site requests.
 *
 * @throws Problem 405, 400 (a batch in a batch), 403 or 415.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function guard(request: Request, { allowedOrigins }: Settings): void {
  const { headers } = request;
  if (request.method !== 'POST') {
    throw new Problem(405, `Batches are sent with POST, not ${request.method}.`);
  }
  if (headers.has(itemMarker)) {
    throw new Problem(400, 'A batch inside a batch is not answered: send its items themselves.');
  }
  const origin = headers.get('origin');
  if (!(origin !== null && allowedOrigins.has(origin)) && !isSameOrigin(request, origin)) {
    throw new Problem(
      403,
      `A batch from ${origin === null ? 'another site' : `the origin ${quote(origin)}`} is refused. If its pages may post here, list it in allowedOrigins.`,
    );
  }
  const type = headers.get('content-type') ?? '';
  if (type.split(';', 1)[0]!.trim().toLowerCase() !== 'application/json') {
    throw new Problem(
      415,
      `A batch has the Content-Type application/json, ${type === '' ? 'but this one has none' : `not ${quote(type)}`}.`,
    );
  }
}

function isSameOrigin(request: Request, origin: string | null): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
}
