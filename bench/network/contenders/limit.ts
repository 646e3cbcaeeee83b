import { pathOf, type Widget } from '../widgets.ts';
import type { Ask, Contender } from './contender.ts';

interface Waiting {
  readonly id: number;
  readonly resolve: (widget: Widget) => void;
  readonly reject: (reason: unknown) => void;
}

/** Sends one batch, and settles its calls as the lines come. */
async function send(waiting: readonly Waiting[], post: (text: string) => Promise<Response>) {
  const requests = waiting.map(({ id }, index) => ({
    id: String(index),
    method: 'GET',
    url: pathOf(id),
  }));
  const response = await post(JSON.stringify({ requests }));
  let rest = '';
  const chunks = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
  for await (const chunk of chunks as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { id, body } = JSON.parse(line) as { id: string; body: Widget };
      waiting[Number(id)]?.resolve(body);
    }
  }
}

/** Forty lines in all: calls of one task share a request. No checks, caps, aborts, or `Response`s. */
function createAsk(post: (text: string) => Promise<Response>): Ask {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    send(batch, post).catch((error: unknown) => {
      for (const { reject } of batch) reject(error);
    });
  };
  return (id) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ id, resolve, reject });
    });
}

async function postCompressed(text: string): Promise<Response> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = await new Response(stream).arrayBuffer();
  return fetch('/limit/tuned', { method: 'POST', body });
}

/** The least that a streamed NDJSON batch can be. */
export const limit: Contender = {
  name: 'limit',
  over: 'h1',
  create: () => createAsk((body) => fetch('/limit', { method: 'POST', body })),
};

/** The same with a compressed request, and lines flushed together that are ready together. */
export const tuned: Contender = {
  name: 'limit, tuned',
  over: 'h1',
  create: () => createAsk(postCompressed),
};
