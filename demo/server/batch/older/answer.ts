import { z } from '@hono/zod-openapi';
import type { BatchStats } from 'carpool/server';
import type { OlderItem } from './envelope.ts';

const id = z.union([z.string(), z.int()]);
const share = z.number().min(0).max(1);
const seconds = z.number().min(0);

const response = z
  .object({
    id,
    success: z.boolean(),
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    cached: z.boolean(),
    data: z.unknown().optional().openapi({ description: 'The body; null where there is none' }),
    error: z.unknown().optional().openapi({ description: 'Problem details (RFC 9457)' }),
    request: z.unknown().optional().openapi({ description: 'Of a failed item: as it came' }),
    correlation_id: z
      .string()
      .optional()
      .openapi({ description: 'Of a failed item: what the log has it under' }),
  })
  .openapi('OlderBatchResponse');

export const olderAnswer = z
  .object({
    success: z.literal(true),
    data: z.object({
      responses: z.array(response),
      stats: z.object({
        total_requests: z.int(),
        successful_requests: z.int(),
        failed_requests: z.int(),
        total_duration: seconds,
        average_duration: seconds.openapi({ description: 'Of those that ran' }),
        cache_hit_rate: share,
        deduplication_rate: share,
        processed_at: z.iso.datetime(),
      }),
    }),
  })
  .openapi('OlderBatchAnswer', {
    description:
      'Durations in seconds, rates from 0 to 1 and of all items; in the order of the items',
  });

export type OlderAnswer = z.infer<typeof olderAnswer>;

/** A buffered answer of `POST /batch`. */
export interface WireAnswer {
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  }[];
  readonly stats: BatchStats;
}

/** Nobody needs to read them back. */
const secret = /^(?:authorization|cookie)$/i;

const toEcho = ({ headers, ...item }: OlderItem): unknown => ({
  ...item,
  headers:
    headers && Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name))),
});

const correlationOf = (body: unknown, fallback: string): string => {
  const { correlationId } = (body ?? {}) as { readonly correlationId?: unknown };
  return typeof correlationId === 'string' ? correlationId : fallback;
};

/**
 * The answer in the older shape; ids are as they came, or the index of an item that came without.
 *
 * @param batchId the correlation id of what has none of its own.
 */
export function toOlder(
  { responses, stats }: WireAnswer,
  requests: readonly OlderItem[],
  batchId: string,
): OlderAnswer {
  const { total, succeeded, failed, deduplicated, cacheHits, durationMs, averageMs } = stats;
  return {
    success: true,
    data: {
      responses: responses.map(({ id: index, status, headers, body = null }) => {
        const item = requests[Number(index)]!;
        const cached = headers['cache-status']?.includes('; hit') ?? false;
        const head = { id: item.id ?? index, status, headers: { ...headers }, cached };
        if (status < 400) return { ...head, success: true, data: body };
        const correlation_id = correlationOf(body, headers['x-correlation-id'] ?? batchId);
        return { ...head, success: false, error: body, request: toEcho(item), correlation_id };
      }),
      stats: {
        total_requests: total,
        successful_requests: succeeded,
        failed_requests: failed,
        total_duration: durationMs / 1000,
        average_duration: averageMs / 1000,
        cache_hit_rate: cacheHits / total,
        deduplication_rate: deduplicated / total,
        processed_at: stats.processedAt,
      },
    },
  };
}
