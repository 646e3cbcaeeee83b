import { expect } from 'vitest';
import type { DemoServer } from './a-demo-server.ts';

export interface BatchItem {
  readonly id?: string;
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface BatchAnswer {
  readonly responses: readonly {
    readonly id: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  }[];
  readonly stats: Readonly<Record<string, number>>;
}

const toRequests = (items: readonly (string | BatchItem)[]): readonly BatchItem[] =>
  items.map((item, index) => ({
    id: String(index),
    method: 'GET',
    ...(typeof item === 'string' ? { url: item } : item),
  }));

/** Posts items to `/batch` and reads the answer; an item is GET, its id its place, unless it says otherwise. */
export async function aBatchOf(
  { send }: Pick<DemoServer, 'send'>,
  items: readonly (string | BatchItem)[],
  init: Parameters<DemoServer['send']>[3] = {},
): Promise<BatchAnswer> {
  const response = await send('POST', '/batch', { requests: toRequests(items) }, init);
  expect(response.status).toBe(200);
  return (await response.json()) as BatchAnswer;
}

/** The ids of the items in the order in which they were done. */
export async function orderOf(
  { send }: Pick<DemoServer, 'send'>,
  items: readonly (string | BatchItem)[],
): Promise<string[]> {
  const headers = { accept: 'application/x-ndjson' };
  const response = await send('POST', '/batch', { requests: toRequests(items) }, { headers });
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  return lines.slice(0, -1).map((line) => (JSON.parse(line) as { readonly id: string }).id);
}
