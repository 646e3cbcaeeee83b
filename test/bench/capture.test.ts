import { afterEach, describe, expect, test, vi } from 'vitest';
import { createWidget, firstSmallId, idIn } from '../../bench/network/widgets.ts';
import { capture } from '../../bench/serving/capture.ts';
import type { Load } from '../../bench/serving/loads.ts';

const origin = 'http://server.test';

/** Answers each path with its widget. */
const serve = (request: Request): Promise<Response> =>
  Promise.resolve(Response.json(createWidget(idIn(new URL(request.url).pathname) ?? 0)));

afterEach(() => vi.unstubAllGlobals());

const aLoad = (ask: Load['ask']): Load => ({ name: 'a load', items: 1, ask });

describe('capture', () => {
  test('it takes down the request that was made, without what the sender adds by itself', async () => {
    vi.stubGlobal('fetch', serve);
    const load = aLoad(async ([id], at, fetch) => {
      const headers = { 'accept-encoding': 'gzip', 'x-own': '1' };
      const response = await fetch(`${at}/api/widgets/${id}`, {
        method: 'POST',
        headers,
        body: 'b',
      });
      return [await response.json()];
    });

    const { shot, length } = await capture(load, origin);

    expect(shot).toEqual({
      method: 'POST',
      path: `/api/widgets/${firstSmallId}`,
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-own': '1' },
      body: 'b',
    });
    expect(length).toBe(JSON.stringify(createWidget(firstSmallId)).length);
  });

  test('another answer than the widget is an error', async () => {
    vi.stubGlobal('fetch', serve);
    const load = aLoad(async (_ids, at, fetch) => [
      await (await fetch(`${at}/api/widgets/7`)).json(),
    ]);

    await expect(capture(load, origin)).rejects.toThrow(
      `a load: asked for widget ${firstSmallId}, got {"id":7`,
    );
  });

  test('so is more than one request', async () => {
    vi.stubGlobal('fetch', serve);
    const load = aLoad(async ([id], at, fetch) => {
      await fetch(`${at}/api/widgets/1`);
      return [await (await fetch(`${at}/api/widgets/${id}`)).json()];
    });

    await expect(capture(load, origin)).rejects.toThrow('a load: made 2 requests');
  });
});
