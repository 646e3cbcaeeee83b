import { z } from 'zod';
import { readMessage } from '../../platform/read-message.ts';
import type { RedisLink } from '../../platform/redis.ts';
import { keptMs, type IdempotencyStore, type Known, type Result } from './store.ts';

/** Longer than any request takes: what a process that died has begun may be begun again. */
const runningMs = 120_000;

const stored = z.object({
  fingerprint: z.string(),
  result: z
    .object({
      status: z.int(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      body: z.base64().nullable(),
    })
    .nullable(),
});

const toText = (fingerprint: string, result: Result | null): string =>
  JSON.stringify({
    fingerprint,
    result: result && {
      ...result,
      body: result.body && Buffer.from(result.body).toString('base64'),
    },
  });

function toKnown(text: string): Known | undefined {
  const read = readMessage(stored, text);
  if (!read?.result) return read && { fingerprint: read.fingerprint, result: null };
  const { body, ...head } = read.result;
  const bytes = body === null ? null : new Uint8Array(Buffer.from(body, 'base64')).buffer;
  return { fingerprint: read.fingerprint, result: { ...head, body: bytes } };
}

/**
 * Remembers in Redis, so that a repetition may come to another process; and in `memory` what comes while
 * Redis is away.
 */
export function createSharedStore(link: RedisLink, memory: IdempotencyStore): IdempotencyStore {
  const { client } = link;
  return {
    has: memory.has,
    begin: async (name, fingerprint) => {
      if (!link.isUp() || memory.has(name)) return memory.begin(name, fingerprint);
      const key = `carpool:idempotency:${name}`;
      try {
        const isNew = await client.set(key, toText(fingerprint, null), 'PX', runningMs, 'NX');
        // It may have lapsed just now; what isn't understood is none of ours.
        const known = isNew ? undefined : toKnown((await client.get(key)) ?? '');
        if (known) return known;
      } catch (error) {
        link.failed(error);
        return memory.begin(name, fingerprint);
      }
      return {
        finish: async (result) => {
          try {
            if (result) await client.set(key, toText(fingerprint, result), 'PX', keptMs);
            else await client.del(key);
          } catch (error) {
            link.failed(error);
            // At least here a repetition gets it.
            const begun = await memory.begin(name, fingerprint);
            if ('finish' in begun) await begun.finish(result);
          }
        },
      };
    },
  };
}
