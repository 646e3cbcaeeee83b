/** What was wrong with a member of the body; `pointer` is a JSON Pointer as a URI fragment. */
export interface MemberProblem {
  readonly pointer: string;
  readonly detail: string;
}

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
