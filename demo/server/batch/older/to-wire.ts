import type { OlderEnvelope, OlderItem } from './envelope.ts';

/** RFC 9218. */
const urgencies = { critical: 0, high: 1, normal: 3, low: 6 } as const;

/** The path with its query, `params` added to it. */
function toUrl({ endpoint, url, params }: OlderItem): string {
  const [path = ''] = (endpoint ?? url ?? '').split('#', 1);
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null) added.append(name, String(one));
    }
  }
  if (added.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${added.toString()}`;
}

function toHeaders({ headers, priority }: OlderItem, isCaching: boolean): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    fields[name.toLowerCase()] = String(value);
  }
  if (priority !== undefined) fields['priority'] = `u=${urgencies[priority]}`;
  if (!isCaching) fields['cache-control'] = 'no-store';
  return fields;
}

/** Some front ends write the JSON themselves, as they do for a request of its own. */
function toBody({ body, data }: OlderItem, contentType: string | undefined): unknown {
  const given = body === undefined ? data : body;
  if (typeof given !== 'string' || !/^application\/json\b/i.test(contentType ?? '')) return given;
  try {
    const parsed: unknown = JSON.parse(given);
    return typeof parsed === 'object' ? parsed : given;
  } catch {
    return given;
  }
}

/** The same batch in the shape of `POST /batch`; an item's id is its index. */
export function toWire({ requests, cache }: OlderEnvelope): string {
  return JSON.stringify({
    requests: requests.map((item, index) => {
      const headers = toHeaders(item, cache !== false);
      return {
        id: String(index),
        method: item.method,
        url: toUrl(item),
        headers,
        body: toBody(item, headers['content-type']),
      };
    }),
  });
}
