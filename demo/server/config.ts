import { z } from 'zod';

/** A whole number in a variable, between bounds. */
const whole = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const share = (fallback: number) =>
  z
    .string()
    .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1')
    .transform(Number)
    .default(fallback);

const toggle = z
  .enum(['on', 'off'])
  .default('on')
  .transform((text) => text === 'on');

const variables = z.object({
  /** Where Redis is; without it everything is kept in this process and in SQLite. */
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a URL with redis: or rediss:' })
    .optional(),
  /** The file of the database, or `:memory:`. */
  DATABASE: z.string().min(1).default(':memory:'),
  /** What tokens are signed with; several processes need the same. */
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  /** With `info`, each request and each item is logged. */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  /** Other origins whose pages may call, with commas between. */
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .default([]),
  /** Requests, alone or as items of batches, that one user may make in the limits' time. */
  ITEM_LIMIT: whole(6000, 1, 10_000_000),
  /** Batches that one user may send in that time. */
  BATCH_LIMIT: whole(300, 1, 1_000_000),
  LIMIT_SECONDS: whole(60, 1, 3600),
  /** How long the chat's assistant waits before each word of an answer that is streamed. */
  ANSWER_WORD_MS: whole(15, 0, 1000),
  /** How often a job that failed is tried again, and how long it waits before the first time. */
  JOB_RETRIES: whole(3, 0, 10),
  JOB_BACKOFF_MS: whole(1000, 0, 3_600_000),
  /** How long a job that has ended can be looked up. */
  JOB_KEPT_SECONDS: whole(3600, 1, 604_800),
  /** Jobs that run at once in this process. */
  JOB_CONCURRENCY: whole(4, 1, 100),
  /** Jobs that one user may have, those that can still be looked up included. */
  JOBS_PER_USER: whole(1000, 1, 100_000),
  /** How long each step of a charge's analysis takes at least. */
  ANALYSIS_STEP_MS: whole(250, 0, 60_000),
  /** Items of one batch that run at once. */
  BATCH_CONCURRENCY: whole(20, 1, 1000),
  /** Whether identical items of a batch run once. */
  BATCH_DEDUPE: toggle,
  /** Whether items that say nothing of it get a priority by their path. */
  BATCH_PRIORITY: toggle,
  /** Whether items are tried again after a failure that passes. */
  BATCH_RETRY: toggle,
  /** Whether answers to items are kept. */
  BATCH_CACHE: toggle,
  /** What the simulated market-data upstream is like. */
  UPSTREAM_LATENCY_MS: whole(40, 0, 60_000),
  UPSTREAM_FAILURES: share(0.02),
  UPSTREAM_QUOTA_PER_MINUTE: whole(6000, 0, 1_000_000),
});

/** What is never shown; the URL may have a password. */
const secrets: ReadonlySet<string> = new Set(['JWT_SECRET', 'REDIS_URL']);

/** What the server is told from outside. */
export type Config = Readonly<z.infer<typeof variables>>;

/**
 * Reads the configuration out of environment variables; an empty one counts as absent.
 *
 * @throws RangeError naming each variable that is wrong, and how
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = {}): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = variables.safeParse(given);
  if (data) return data;
  const wrong = error.issues.map(({ path: [name], message }) => {
    const value = secrets.has(String(name)) ? '(secret)' : `'${given[String(name)]}'`;
    return `${String(name)} ${message}, got ${value}`;
  });
  throw new RangeError(wrong.join('; '));
}
