/** The reason phrases (RFC 9110, section 15) of the statuses that this server itself gives. */
const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  424: 'Failed Dependency',
  431: 'Request Header Fields Too Large',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
};

/** The media type of problem details. */
export const problemType = 'application/problem+json';

/**
 * A refusal, of a whole batch or of one item, in words its sender may read: the message becomes the
 * `detail` of problem details (RFC 9457), so it never quotes what an endpoint threw.
 *
 * `members` are the extension members, such as `errors` or `limit`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.members = members;
  }

  /** The problem-details object as JSON text; its extension members, unless told otherwise. */
  toText(members: Readonly<Record<string, unknown>> = this.members): string {
    const { status, message: detail } = this;
    return JSON.stringify({ title: titles[status], status, detail, ...members });
  }
}

/** A refusal of the whole batch as a response. */
export function toProblemResponse(problem: Problem, headers: Headers): Response {
  headers.set('content-type', problemType);
  headers.set('cache-control', 'no-store');
  return new Response(problem.toText(), { status: problem.status, headers });
}

/** Shows what was received, short enough for a sentence. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** A refusal that names a member of the envelope by JSON Pointer (RFC 6901), as RFC 9457 shows. */
export function memberProblem(
  pointer: string,
  sentence: string,
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const detail = `${pointer === '#' ? 'The batch' : pointer} ${sentence}`;
  return new Problem(400, detail, { errors: [{ pointer, detail: sentence }], ...members });
}
