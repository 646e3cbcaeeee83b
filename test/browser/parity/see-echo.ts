/** What `/t/echo` says of the request it saw. */
export interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Fields of a request that tell of its transfer; the browser sets them for the batch. `Origin` is one:
 * it is sent with a POST, which a batch is, and not with a same-origin GET.
 */
const transferFields: ReadonlySet<string> = new Set([
  'accept-encoding',
  'carpool-item',
  'connection',
  'content-length',
  'origin',
]);

/** What the endpoint saw of a request. */
export async function seeEcho(response: Response): Promise<unknown> {
  const { method, url, headers, body } = (await response.json()) as Echo;
  const fields = Object.entries(headers).filter(([name]) => !transferFields.has(name));
  return { method, url, body, headers: fields, response: [response.status, response.url] };
}
