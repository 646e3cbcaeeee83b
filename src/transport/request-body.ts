const leastBytes = 1024;
const encoder = /* @__PURE__ */ new TextEncoder();

/** A request body as it is sent. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Encodes the text of a batch; compresses it where that pays and the server has said it may. */
export function toRequestBody(
  text: string,
  mayCompress: boolean,
): RequestBody | Promise<RequestBody> {
  const bytes = encoder.encode(text);
  return mayCompress && bytes.length > leastBytes ? compress(bytes) : { bytes, headers: {} };
}

async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<RequestBody> {
  // Not by way of a `Blob`, which asks another process for its stream.
  const { readable, writable } = new CompressionStream('gzip');
  const writer = writable.getWriter();
  const [packed] = await Promise.all([
    new Response(readable).arrayBuffer(),
    writer.write(bytes),
    writer.close(),
  ]);
  return { bytes: new Uint8Array(packed), headers: { 'content-encoding': 'gzip' } };
}
