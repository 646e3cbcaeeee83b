import type { ParityCase } from '../parity-case.ts';
import { seeEcho, type Echo } from '../see-echo.ts';
import { echoes, echoesAnew, json, past, post, url } from './echoes.ts';

/** What the browser writes between the parts of a form is random. */
const seeForm = async (response: Response): Promise<unknown> =>
  JSON.stringify(await seeEcho(response)).replaceAll(/-+WebKitFormBoundary\w+/g, 'edge');

export const requestBodies: readonly ParityCase[] = [
  echoes('POST of JSON', url, post('{"a":1}', json)),
  echoes('POST of JSON with numbers beyond 2^53', url, post('{"id":12345678901234567890}', json)),
  echoes('POST of JSON on several lines', url, post('{\n  "a": 1\r\n}', json)),
  {
    name: 'POST of JSON with space around it, which it loses',
    args: () => [url, post(' {"a":1}\n', json)],
    see: async (response) => ((await response.json()) as Echo).body,
    differs: { by: 'recoded', as: () => '{"a":1}' },
  },
  echoes('POST of a JSON literal', url, post('null', json)),
  echoes('POST of a string without a type', url, post('Grüße 👋🏽')),
  echoes('POST of an empty string', url, post('')),
  echoes('POST without a body', url, { method: 'POST' }),
  echoes('POST of null', url, post(null)),
  echoes('PUT of text with its own charset', url, {
    method: 'PUT',
    body: 'x',
    headers: { 'content-type': 'text/plain; charset=utf-8; x=1' },
  }),
  echoesAnew('POST of URLSearchParams', () => [
    url,
    post(
      new URLSearchParams([
        ['a', '1'],
        ['ü', 'x y'],
      ]),
    ),
  ]),
  echoesAnew('POST of a blob with a type', () => [
    url,
    post(new Blob(['{"a":', '1}'], { type: 'application/json' })),
  ]),
  echoesAnew('POST of a blob of bytes', () => [
    url,
    post(new Blob([new Uint8Array([0, 1, 254, 255])], { type: 'image/png' })),
  ]),
  echoesAnew('POST of bytes with a type', () => [
    url,
    post(new Uint8Array([0, 128, 255]), { 'content-type': 'application/octet-stream' }),
  ]),
  echoesAnew('POST of a part of a buffer', () => [
    url,
    post(new Uint8Array([9, 1, 2, 9]).subarray(1, 3), { 'content-type': 'application/x-b' }),
  ]),
  echoesAnew('POST of an ArrayBuffer, changed after the call', () => {
    const { buffer } = new Uint8Array([1, 2, 3]);
    queueMicrotask(() => new Uint8Array(buffer).fill(9));
    return [url, post(buffer, { 'content-type': 'application/x-b' })];
  }),
  echoesAnew('POST of a DataView', () => [
    url,
    post(new DataView(new Uint8Array([1, 2, 3]).buffer, 1), { 'content-type': 'application/x-b' }),
  ]),
  echoes('DELETE with a body', url, { method: 'DELETE', body: '{"a":1}', headers: json }),
  past(echoes('POST of invalid JSON under a JSON type', url, post('{"a":', json))),
  past(echoes('POST of nothing under a JSON type', url, post('', json))),
  past(
    echoesAnew('POST of text that is not UTF-8', () => [
      url,
      post(new Uint8Array([0xff]), { 'content-type': 'text/plain' }),
    ]),
  ),
  past(echoesAnew('POST of bytes without a type', () => [url, post(new Uint8Array([1, 2]))])),
  past(echoesAnew('POST of a blob without a type', () => [url, post(new Blob(['x']))])),
  past({
    name: 'POST of a form',
    args: () => {
      const form = new FormData();
      form.append('a', '1');
      form.append('f', new File(['x'], 'x.txt', { type: 'text/plain' }));
      return [url, post(form)];
    },
    see: seeForm,
  }),
  {
    name: 'POST of a form inside a Request',
    args: () => {
      const form = new FormData();
      form.append('a', '1');
      return [new Request(url, post(form))];
    },
    see: seeForm,
  },
  past(echoes('POST of an object, which is made a string', url, post({ a: 1 }))),
  past(echoes('POST of a number', url, post(42))),
  past(echoes('POST of a body of 100 kB', url, post('x'.repeat(100_000)))),
];
