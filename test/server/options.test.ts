import { describe, expect, test, vi } from 'vitest';
import { createBatchHandler, type BatchHandlerOptions } from '../../src/server/index.ts';
import { aBatch, aGet } from './support.ts';

const dispatch = (): Response => new Response();

describe('options', () => {
  test.each<[string, unknown, string]>([
    ['dispatch', undefined, 'undefined'],
    ['dispatch', {}, '[object Object]'],
    ['maxItems', 0, '0'],
    ['maxItems', 1.5, '1.5'],
    ['maxBytes', -1, '-1'],
    ['maxBytes', Number.NaN, 'NaN'],
    ['maxDepth', Infinity, 'Infinity'],
    ['maxHeaderBytes', '8k', '8k'],
    ['concurrency', 0, '0'],
    ['itemTimeout', 0, '0'],
    ['itemTimeout', -1, '-1'],
    ['itemTimeout', Infinity, 'Infinity'],
    ['itemTimeout', '30', '30'],
    ['itemTimeout', '30 s', '30 s'],
    ['itemTimeout', '25d', '25d'],
    ['itemTimeout', true, 'true'],
    ['heartbeat', 'often', 'often'],
    ['heartbeat', 0, '0'],
    ['dedupe', 'yes', 'yes'],
    ['compression', 1, '1'],
    ['lightRequests', 'yes', '"yes"'],
    ['allowedOrigins', 'https://a.test', 'https://a.test'],
    ['allowedOrigins', ['a.test'], 'a.test'],
    ['allowedOrigins', ['*'], '*'],
    ['protectedHeaders', [1], '1'],
    ['serviceRoot', 'odata', 'odata'],
    ['serviceRoot', '//evil.test/', '//evil.test/'],
    ['onEvent', true, 'true'],
    ['priority', 'high', 'high'],
    ['onStats', {}, '[object Object]'],
  ])('%s may not be %j, and the error says so', (name, value, shown) => {
    const options = { dispatch, [name]: value } as unknown as BatchHandlerOptions;

    const create = (): unknown => createBatchHandler(options);

    expect(create).toThrow(new RegExp(`${name} `));
    expect(create).toThrow(shown);
    try {
      create();
    } catch (error) {
      expect(['TypeError', 'RangeError']).toContain((error as Error).name);
    }
  });

  test.each([undefined, null, dispatch])('are an object, and not %s', (given) => {
    const create = (): unknown => createBatchHandler(given as unknown as BatchHandlerOptions);

    expect(create).toThrow(`the options must be an object, got ${String(given)}`);
  });

  test('are named where there are none such', () => {
    const options = { dispatch, concurency: 3 };

    expect(() => createBatchHandler(options)).toThrow(
      /^a member of the options must be one of dispatch, maxItems, .*, got "concurency"$/,
    );
  });

  test('undefined stands for the default, and false turns off', () => {
    const options: Required<BatchHandlerOptions> = {
      dispatch,
      maxItems: undefined,
      maxBytes: undefined,
      maxDepth: undefined,
      maxHeaderBytes: undefined,
      concurrency: undefined,
      allowedOrigins: undefined,
      protectedHeaders: undefined,
      serviceRoot: undefined,
      priority: undefined,
      onStats: undefined,
      onEvent: undefined,
      itemTimeout: false,
      heartbeat: false,
      compression: false,
      dedupe: false,
      lightRequests: false,
    };

    expect(createBatchHandler(options)).toBeInstanceOf(Function);
  });

  test('without onEvent, failures go to the console with their correlation id', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const error = new Error('secret');
    const handle = createBatchHandler({ dispatch: () => Promise.reject(error) });

    const text = await (await handle(aBatch([aGet('/a')]))).text();

    const [line, logged] = log.mock.calls[0]!;
    const id = /correlation id ([\da-f-]+)/.exec(String(line))![1]!;
    expect(text).toContain(id);
    expect(logged).toBe(error);
    log.mockRestore();
  });

  test('without onEvent, dropped cookies go to the console with the remedy', async () => {
    const log = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const handle = createBatchHandler({
      dispatch: () => new Response(null, { headers: { 'set-cookie': 'sid=secret' } }),
    });

    await (await handle(aBatch([aGet('/a')], { accept: 'application/x-ndjson' }))).text();

    expect(log.mock.calls[0]![0]).toMatch(/GET https:\/\/app\.test\/a set sid .*batch: false/);
    expect(String(log.mock.calls[0]![0])).not.toContain('secret');
    log.mockRestore();
  });
});
