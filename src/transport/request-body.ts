const leastBytes = 1024;
const encoder = /* @__PURE__ */ new TextEncoder();

/** A request body as it is sent. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Encodes the text of a batch; compresses it where that pays and the server has said it may. */
export async function toRequestBody(text: string, mayCompress: boolean): Promise<RequestBody> {
  const bytes = encoder.encode(text);
  if (!mayCompress || bytes.length <= leastBytes) return { bytes, headers: {} };
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return {
    bytes: new Uint8Array(await new Response(stream).arrayBuffer()),
    headers: { 'content-encoding': 'gzip' },
  };
}
