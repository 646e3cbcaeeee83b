import type { Tokens } from '../auth/tokens.ts';
import { JobError, type Failure, type JobHandler, type Work } from '../platform/jobs/job.ts';
import { asyncInput } from './async-input.ts';

/** The name of these jobs. */
export const batchName = 'batch';

/** How long the token is good for that a running batch has: longer than it may take. */
const tokenSeconds = 600;

/**
 * Puts a streamed answer's lines together into the buffered answer, as they are, and reports as they come.
 *
 * @throws Error if the stream was cut
 */
async function collect(
  lines: ReadableStream<Uint8Array>,
  report: (done: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const parts: string[] = [];
  let rest = '';
  let stats = '';
  const decoder = new TextDecoderStream() as TransformStream<Uint8Array, string>;
  // Cancels the batch: a request's own signal may by then hear nothing more.
  for await (const text of lines.pipeThrough(decoder, { signal })) {
    const ready = (rest + text).split('\n');
    rest = ready.pop()!;
    for (const line of ready) {
      // An empty one is a sign of life.
      if (line.startsWith('{"stats":')) stats = line.slice(1, -1);
      else if (line !== '') parts.push(line);
    }
    report(parts.length);
  }
  if (stats === '') throw new Error('the answer of the batch was cut');
  return `{"responses":[${parts.join(',')}],${stats}}`;
}

/** A batch that can't be repeated: somebody has to look what was done of it. */
function checkRepeatable(unrepeatable: number | null, { attempt }: Work): void {
  if (unrepeatable === null || attempt === 1) return;
  throw new JobError({
    status: 500,
    title: 'Interrupted',
    detail: `The server stopped while the batch ran. It is not run again, since #/requests/${unrepeatable} writes without an Idempotency-Key: look at what was done, and send the rest.`,
  });
}

/**
 * The handler that runs batches in the name of who sent them, whose token it has never seen: it signs one
 * of its own.
 *
 * @param batch the endpoint's own handler
 */
export function createBatchJob(
  tokens: Pick<Tokens, 'issue'>,
  batch: (request: Request) => Promise<Response>,
): JobHandler {
  return async (work) => {
    const { url, headers, body, unrepeatable } = asyncInput.parse(work.input);
    checkRepeatable(unrepeatable, work);
    const { total } = work;
    const token = await tokens.issue(work.user, tokenSeconds);
    const request = new Request(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/x-ndjson',
        authorization: `Bearer ${token}`,
      },
      body,
      signal: work.signal,
    });
    const response = await batch(request);
    if (!response.ok || !response.body) {
      throw new JobError((await response.json()) as Failure);
    }
    return collect(response.body, (done) => work.report(done, total), work.signal);
  };
}
