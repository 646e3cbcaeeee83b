import type { Request } from 'autocannon';

/** A way to ask for the same things. */
export interface Way {
  readonly name: string;
  /** What a connection asks for, one after the other and over again. */
  readonly requests: readonly Request[];
  /** Sub-requests that one answer answers. */
  readonly perAnswer: number;
  /** Whether all of an answer is there and has succeeded. */
  readonly isWhole: (body: string) => boolean;
}

const pathsOf = (items: number): readonly string[] =>
  Array.from({ length: items }, (_, index) => `/api/widgets/${index + 1}?maxAge=60`);

const bearing = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** A request for each. */
export function singly(items: number, token: string | undefined): Way {
  return {
    name: 'singly',
    requests: pathsOf(items).map((path) => ({ method: 'GET', path, headers: bearing(token) })),
    perAnswer: 1,
    isWhole: (body) => body.includes('"kind":'),
  };
}

/**
 * All in one, streamed; with or without the response cache.
 *
 * @param isCaching false has each item done anew, as a request of its own is.
 */
export function batched(items: number, token: string | undefined, isCaching: boolean): Way {
  const own = isCaching ? {} : { headers: { 'cache-control': 'no-store' } };
  const requests = pathsOf(items).map((url, index) => ({
    id: String(index),
    method: 'GET',
    url,
    ...own,
  }));
  const headers = {
    ...bearing(token),
    'content-type': 'application/json',
    accept: 'application/x-ndjson',
  };
  const figures = `{"stats":{"total":${items},"succeeded":${items},"failed":0,`;
  return {
    name: isCaching ? 'in batches' : 'in batches, uncached',
    requests: [{ method: 'POST', path: '/batch', headers, body: JSON.stringify({ requests }) }],
    perAnswer: items,
    isWhole: (body) => body.includes(figures, Math.max(0, body.length - 500)),
  };
}
