import type { HeaderList, Reply } from '../../../src/core/types.ts';

/** What a response says of its freshness, in seconds. */
export interface Control {
  readonly maxAge?: number;
  readonly swr?: number;
  readonly sie?: number;
  readonly noStore?: boolean;
  readonly noCache?: boolean;
  readonly mustRevalidate?: boolean;
}

/** How the server answers for a URL. */
export interface Policy {
  readonly status: 200 | 404 | 410;
  readonly control: Control | null;
  readonly hasEtag: boolean;
  readonly hasDate: boolean;
  readonly vary: string | null;
  readonly tags: readonly string[];
}

/** What the network does to whoever asks. */
export type Outage = 'network' | 500 | 503 | null;

/** Who asks, as the server sees it. */
export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly user: string;
  readonly outage: Outage;
}

/** An answer, and what the server knows of it. */
export interface Answer extends Policy {
  readonly kind: 'full' | 'not modified' | 'head' | 'failed';
  /** A number of its own. */
  readonly serial: number;
  readonly etag: string | undefined;
  /** When the server gave it, by its own clock; undefined where it doesn't say. */
  readonly date: number | undefined;
  readonly reply: Reply;
}

export interface Server {
  outage: Outage;
  readonly change: (url: string) => void;
  readonly setPolicy: (url: string, policy: Policy) => void;
  readonly policyOf: (url: string) => Policy;
  /** Answers a GET or HEAD. @throws where there is no network. */
  readonly answer: (request: Request, now: number) => Answer;
}

export const plain: Policy = {
  status: 200,
  control: { maxAge: 60 },
  hasEtag: true,
  hasDate: false,
  vary: null,
  tags: [],
};

export const fieldIn = (headers: HeaderList, name: string): string | undefined =>
  headers.find(([known]) => known === name)?.[1];

function controlText({ maxAge, swr, sie, noStore, noCache, mustRevalidate }: Control): string {
  const parts = [
    maxAge !== undefined && `max-age=${String(maxAge)}`,
    swr !== undefined && `stale-while-revalidate=${String(swr)}`,
    sie !== undefined && `stale-if-error=${String(sie)}`,
    noStore && 'no-store',
    noCache && 'no-cache',
    mustRevalidate && 'must-revalidate',
  ];
  return parts.filter(Boolean).join(', ');
}

const encoder = new TextEncoder();

/** A server that numbers its answers, and says in each body whose it is. */
export function createServer(): Server {
  const versions = new Map<string, number>();
  const policies = new Map<string, Policy>();
  let serial = 0;
  const policyOf = (url: string): Policy => policies.get(url) ?? plain;

  const answer: Server['answer'] = ({ url, method, headers, user, outage }, now) => {
    serial++;
    if (outage === 'network') throw new TypeError(`no network for ${String(serial)}`);
    const policy = policyOf(url);
    const { control, hasEtag, hasDate, vary, tags } = policy;
    const status = outage ?? policy.status;
    const names = vary?.split(', ') ?? [];
    const language = names.includes('accept-language') ? fieldIn(headers, 'accept-language') : '';
    const version = versions.get(url) ?? 0;
    const etag =
      hasEtag && status === 200 ? `"${String(version)}-${user}-${language ?? 'none'}"` : undefined;
    const isSame = etag !== undefined && fieldIn(headers, 'if-none-match') === etag;
    const kind = outage ? 'failed' : isSame ? 'not modified' : method === 'HEAD' ? 'head' : 'full';
    const text = control && controlText(control);
    const fields: HeaderList = outage
      ? []
      : [
          ...(text ? [['cache-control', text] as const] : []),
          ...(etag ? [['etag', etag] as const] : []),
          ...(vary ? [['vary', vary] as const] : []),
          ...(tags.length > 0 ? [['cache-tag', tags.join(',')] as const] : []),
          ...(hasDate ? [['date', new Date(now).toUTCString()] as const] : []),
        ];
    const body = JSON.stringify({ serial, url, user, version, language });
    return {
      ...policy,
      kind,
      serial,
      etag,
      date: hasDate ? Math.floor(now / 1000) * 1000 : undefined,
      reply: {
        status: kind === 'not modified' ? 304 : status,
        statusText: '',
        // What is kept keeps its own number, whatever confirms it.
        headers: kind === 'full' ? [...fields, ['x-serial', String(serial)]] : fields,
        body: kind === 'full' || kind === 'failed' ? encoder.encode(body) : null,
        url,
        redirected: false,
      },
    };
  };

  const server: Server = {
    outage: null,
    change: (url) => versions.set(url, (versions.get(url) ?? 0) + 1),
    setPolicy: (url, policy) => policies.set(url, policy),
    policyOf,
    answer,
  };
  return server;
}
