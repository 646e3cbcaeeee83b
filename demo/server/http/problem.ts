import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What was wrong with a member of the body; `pointer` is a JSON Pointer as a URI fragment. */
export interface MemberProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** A path as a JSON Pointer (RFC 6901) in its form as a URI fragment. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  [
    '#',
    ...path.map((key) =>
      // A lone surrogate can't be encoded; it would throw.
      encodeURIComponent(String(key).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')),
    ),
  ].join('/');

/** An error answer as RFC 9457 problem details. `detail` says what was received and what would do. */
export function problem(
  status: number,
  title: string,
  detail: string,
  errors?: readonly MemberProblem[],
): Response {
  return Response.json(
    // An `errors` that is undefined is left out of the JSON.
    { type: 'about:blank', title, status, detail, errors },
    {
      status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    },
  );
}

/**
 * Ends a route with a problem, whatever it was about to answer.
 *
 * @throws always: what the router's error handler answers with
 */
export function refuse(...args: Parameters<typeof problem>): never {
  const [status] = args;
  throw new HTTPException(status as ContentfulStatusCode, { res: problem(...args) });
}

/** The answer to what a route, or the framework, has refused: 400 for no JSON, 415 for another media type. */
export function toProblem(error: HTTPException): Response {
  const response = error.getResponse();
  const isOurs = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (isOurs) return response;
  const title = error.status === 415 ? 'Unsupported media type' : 'Bad request';
  const detail = error.message || 'The request makes no sense.';
  return problem(error.status, title, detail);
}
