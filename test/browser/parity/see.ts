/**
 * Fields that describe how an HTTP message was transferred, not what is in it. The case that declares
 * their difference looks at all of them; everywhere else they are left out on both sides.
 */
export const transferFields: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

export const fieldsOf = (headers: Headers): [string, string][] =>
  [...headers].filter(([name]) => !transferFields.has(name));

/** An error as a `catch` block looks at it; anything else as it is. */
export function seeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: error };
  return {
    is: Object.prototype.toString.call(error),
    constructor: error.constructor.name,
    isTypeError: error instanceof TypeError,
    isDOMException: error instanceof DOMException,
    name: error.name,
    // Where it failed comes first, as Chromium words it; not always, and it may be a constructor.
    message: error.message.replace(/^Failed to (?:execute|construct) '\w+'(?: on '\w+')?: /, ''),
  };
}

/** What becomes of a promise, whichever way. */
export async function seeOutcome(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return { rejected: seeError(error) };
  }
}

export async function seeBytes(response: Response): Promise<number[]> {
  return [...new Uint8Array(await response.arrayBuffer())];
}

/** Everything about a response but its body. */
export const seeHead = (response: Response): Record<string, unknown> => ({
  is: Object.prototype.toString.call(response),
  isResponse: response instanceof Response,
  status: response.status,
  statusText: response.statusText,
  ok: response.ok,
  type: response.type,
  url: response.url,
  redirected: response.redirected,
  headers: fieldsOf(response.headers),
});

/** Everything about a response, before, while and after its body is read. */
export async function everything(response: Response): Promise<unknown> {
  const clone = response.clone();
  return {
    ...seeHead(response),
    clone: seeHead(clone),
    cloneOfClone: seeHead(clone.clone()),
    body: response.body === null ? null : Object.prototype.toString.call(response.body),
    before: response.bodyUsed,
    bytes: await seeBytes(response),
    after: response.bodyUsed,
    cloneAfter: clone.bodyUsed,
    again: await seeOutcome(() => response.text()),
    text: await clone.text(),
  };
}
