/** Reads the weights of an `Accept`-like field (RFC 9110, 12.4.2); names lower-case, parameters cut. */
function weightsOf(field: string | null): Map<string, number> {
  const weights = new Map<string, number>();
  for (const entry of (field ?? '').split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    // A weight that can't be read asks for nothing.
    if (name !== '') weights.set(name, Math.max(weights.get(name) ?? 0, q >= 0 && q <= 1 ? q : 0));
  }
  return weights;
}

/** Whether the answer is to be streamed: the client names NDJSON, and likes it no less than JSON. */
export function wantsStream(accept: string | null): boolean {
  const weights = weightsOf(accept);
  const ndjson = weights.get('application/x-ndjson') ?? 0;
  const json =
    weights.get('application/json') ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
  return ndjson > 0 && ndjson >= json;
}

/** Whether the client takes gzip. */
export function takesGzip(acceptEncoding: string | null): boolean {
  const weights = weightsOf(acceptEncoding);
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}
