import * as z from 'zod';

/** One request of a batch, as it came: header names in any case, `body` still to be judged. */
export interface WireRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Record<string, string> | null | undefined;
  readonly body?: unknown;
  readonly dependsOn?: string[] | null | undefined;
  readonly atomicityGroup?: string | null | undefined;
}

/** One response of a batch; the JSON value that `body` is depends on the media type. */
export interface WireResponse {
  readonly id: string;
  readonly status: number;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: unknown;
}

/** The figures that end a batch's answer. */
export interface WireStats {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly deduplicated: number;
  readonly cacheHits: number;
  readonly durationMs: number;
  readonly averageMs: number;
  readonly processedAt: string;
  readonly droppedSetCookie?: string[] | undefined;
}

// Messages continue a sentence that begins with the member's JSON Pointer.
const request: z.ZodType<WireRequest> = z.object(
  {
    id: z.string('must be a string that no other item of the batch has, such as "0".'),
    method: z.string('must be a method such as "GET".'),
    url: z.string('must be an absolute path with its query, such as "/api/widgets/1?size=2".'),
    headers: z
      .record(
        z.string(),
        z.string('must be a string; join the values of a repeated field with ", ".'),
        'must be an object of strings, such as {"accept":"application/json"}.',
      )
      .nullish(),
    body: z.unknown().optional(),
    dependsOn: z
      .array(z.string('must be the id of an earlier item.'), 'must be an array of earlier ids.')
      .nullish(),
    atomicityGroup: z.string('must be a string.').nullish(),
  },
  'must be an object with id, method and url.',
);

/** The envelope of a batch request. */
export const batchRequest: z.ZodType<{ requests: WireRequest[] }> = z.object(
  { requests: z.array(request, 'must be an array of items, such as [{"id":"0",…}].') },
  'must be an object such as {"requests":[…]}.',
);

/** One line of a streamed answer, or one element of a buffered one's `responses`. */
export const batchPart: z.ZodType<WireResponse> = z.object({
  id: z.string(),
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
});

const count = z.int().min(0);

/** The `stats` of an answer. */
export const batchStats: z.ZodType<WireStats> = z.object({
  total: count,
  succeeded: count,
  failed: count,
  deduplicated: count,
  cacheHits: count,
  durationMs: z.number().min(0),
  averageMs: z.number().min(0),
  processedAt: z.iso.datetime(),
  droppedSetCookie: z.array(z.string()).optional(),
});

/** A buffered answer. Foreign servers send no `stats`. */
export const batchResponse: z.ZodType<{
  responses: WireResponse[];
  stats?: WireStats | undefined;
}> = z.object({ responses: z.array(batchPart), stats: batchStats.optional() });
