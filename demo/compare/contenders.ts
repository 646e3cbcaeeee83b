import { createCarpool } from 'carpool';

export type ContenderName = 'sequential' | 'parallel' | 'carpool';

/** What a contender brings back: a body for each URL, in the same order. */
export interface Haul {
  readonly bodies: readonly string[];
  /** Calls that were answered by another call's request. */
  readonly deduplicated: number;
  /** Calls that were answered without a request. */
  readonly cacheHits: number;
}

export interface Contender {
  readonly name: ContenderName;
  run(
    urls: readonly string[],
    headers: Record<string, string>,
    onAnswer: () => void,
  ): Promise<Haul>;
}

async function readBody(response: Response, onAnswer: () => void): Promise<string> {
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${body}`);
  onAnswer();
  return body;
}

/** One call after the other, each waiting for the one before. */
const sequential: Contender = {
  name: 'sequential',
  async run(urls, headers, onAnswer) {
    const bodies: string[] = [];
    for (const url of urls) bodies.push(await readBody(await fetch(url, { headers }), onAnswer));
    return { bodies, deduplicated: 0, cacheHits: 0 };
  },
};

/** All calls at once, each on its own. Node opens as many connections as it takes. */
const parallel: Contender = {
  name: 'parallel',
  async run(urls, headers, onAnswer) {
    const bodies = await Promise.all(
      urls.map(async (url) => readBody(await fetch(url, { headers }), onAnswer)),
    );
    return { bodies, deduplicated: 0, cacheHits: 0 };
  },
};

/** The same calls at once, through one client. */
const carpool: Contender = {
  name: 'carpool',
  async run(urls, headers, onAnswer) {
    const client = createCarpool({ endpoint: new URL('/batch', urls[0]).href });
    const bodies = await Promise.all(
      urls.map(async (url) => readBody(await client.fetch(url, { headers }), onAnswer)),
    );
    const { deduplicated } = client.stats();
    await client.dispose();
    return { bodies, deduplicated, cacheHits: 0 };
  },
};

/** In the order in which they run. */
export const contenders: readonly Contender[] = [sequential, parallel, carpool];
