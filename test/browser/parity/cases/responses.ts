import { withNullBody } from '../known.ts';
import type { ParityCase } from '../parity-case.ts';
import { reply, replyJson, replyOf } from '../../support/reply.ts';
import { seeBytes, seeHead, seeOutcome } from '../see.ts';

const json = (): [string] => [replyJson('{"n":1}')];
const text = (): [string] => [replyOf('text/plain', 'hello')];
const nothing = (): [string] => [reply({ status: 204 })];

export const responses: readonly ParityCase[] = [
  { name: 'a response, in all its parts', args: json },
  {
    name: 'a response is a Response and shows no members of its own',
    args: json,
    see: (response) => [
      response instanceof Response,
      Object.prototype.toString.call(response),
      Object.keys(response),
      JSON.stringify(response),
      response.constructor === Response,
      response.headers instanceof Headers,
      'json' in response,
    ],
  },
  {
    name: 'its members can’t be assigned to',
    args: json,
    see: async (response) => [
      await seeOutcome(() => {
        (response as { status: number }).status = 500;
      }),
      await seeOutcome(() => {
        (response as { url: string }).url = 'x';
      }),
      await seeOutcome(() => {
        (response as { type: string }).type = 'error';
      }),
      seeHead(response),
    ],
  },
  {
    name: 'its body and headers are the same objects each time',
    args: json,
    see: (response) => [
      response.body === response.body,
      response.headers === response.headers,
      response.clone().body === response.body,
    ],
  },
  {
    name: 'a body can be read once: json, then json',
    args: json,
    see: async (response) => [
      await response.json(),
      response.bodyUsed,
      await seeOutcome(() => response.json()),
    ],
  },
  {
    name: 'a body can be read once: text, then arrayBuffer, blob and bytes',
    args: text,
    see: async (response) => [
      await response.text(),
      await seeOutcome(() => response.arrayBuffer()),
      await seeOutcome(() => response.blob()),
      await seeOutcome(() => response.bytes()),
      await seeOutcome(() => response.formData()),
    ],
  },
  {
    name: 'two readers at the same time: the second is refused',
    args: json,
    see: (response) =>
      Promise.all([seeOutcome(() => response.json()), seeOutcome(() => response.text())]),
  },
  {
    name: 'bodyUsed turns true when reading begins',
    args: text,
    see: async (response) => {
      const before = response.bodyUsed;
      const reading = response.text();
      const during = response.bodyUsed;
      await reading;
      return [before, during, response.bodyUsed];
    },
  },
  {
    name: 'a body that is being read, or has been, stays locked',
    args: json,
    see: async (response) => {
      const reading = response.json();
      const during = [response.body!.locked, await seeOutcome(() => response.body!.getReader())];
      await reading;
      return [during, response.body!.locked, await seeOutcome(() => response.body!.tee())];
    },
  },
  {
    name: 'a wrapper that copies member by member finds them all',
    args: json,
    see: (response) => {
      const names: string[] = [];
      for (const name in response) names.push(name);
      for (const name in response.headers) names.push(name);
      return names.sort();
    },
  },
  {
    name: 'looking at the body does not use it',
    args: text,
    see: (response) => [response.body?.locked, response.bodyUsed],
  },
  {
    name: 'a reader locks the body, and gives it back',
    args: text,
    see: async (response) => {
      const reader = response.body!.getReader();
      const locked = [response.body!.locked, response.bodyUsed];
      const refused = await seeOutcome(() => response.text());
      const clone = await seeOutcome(() => response.clone());
      reader.releaseLock();
      return [locked, refused, clone, response.body!.locked, await response.text()];
    },
  },
  {
    name: 'a used body can’t be cloned',
    args: text,
    see: async (response) => {
      await response.text();
      return seeOutcome(() => response.clone());
    },
  },
  {
    name: 'a body that is not there can be read again and again',
    args: nothing,
    see: (response) =>
      seeOutcome(async () => [
        response.body,
        await response.text(),
        response.bodyUsed,
        await response.text(),
        (await response.blob()).size,
      ]),
    differs: { by: 'null-body', as: () => [null, '', false, '', 0] },
  },
  {
    name: 'JSON of a body that is not there',
    args: nothing,
    see: (response) => seeOutcome(() => response.json()),
    differs: {
      by: 'null-body',
      as: (native) => ({
        rejected: {
          ...(native as { rejected: object }).rejected,
          message: 'Unexpected end of input',
        },
      }),
    },
  },
  {
    name: 'a 200 without a body',
    args: () => [reply({})],
  },
  {
    name: 'clones are independent',
    args: json,
    see: async (response) => {
      const first = response.clone();
      const second = first.clone();
      return [
        await second.json(),
        [response.bodyUsed, first.bodyUsed, second.bodyUsed],
        await first.text(),
        await seeBytes(response),
        [seeHead(response), seeHead(first), seeHead(second)],
      ];
    },
  },
  {
    name: 'a clone outlives its original’s cancelled body',
    args: text,
    see: async (response) => {
      const clone = response.clone();
      void response.body!.cancel('enough');
      return [await clone.text(), response.bodyUsed];
    },
  },
  {
    name: 'a cancelled body reads as used',
    args: text,
    see: async (response) => {
      await response.body!.cancel();
      return [response.bodyUsed, await seeOutcome(() => response.text())];
    },
  },
  {
    name: 'a body is a byte stream: BYOB',
    args: () => [replyOf('image/png', [1, 2, 3, 4, 5])],
    see: async (response) => {
      const reader = response.body!.getReader({ mode: 'byob' });
      const first = await reader.read(new Uint8Array(2));
      const second = await reader.read(new Uint8Array(8));
      const third = await reader.read(new Uint8Array(8));
      return [first.value, first.done, second.value, second.done, third.value, third.done];
    },
  },
  {
    name: 'a body in BYOB, as other views and with a minimum',
    args: () => [replyOf('image/png', [1, 2, 3, 4, 5, 6])],
    see: async (response) => {
      const reader = response.body!.getReader({ mode: 'byob' });
      const { value } = await reader.read(new Uint16Array(3), { min: 3 });
      const end = await reader.read(new DataView(new ArrayBuffer(1)));
      return [value?.constructor.name, value?.byteLength, end.done, end.value?.byteLength];
    },
  },
  {
    name: 'a body in BYOB, empty',
    args: () => [reply({})],
    see: async (response) =>
      seeOutcome(async () => {
        const { done, value } = await response
          .body!.getReader({ mode: 'byob' })
          .read(new Uint8Array(1));
        return [done, value?.byteLength];
      }),
  },
  {
    name: 'a body in tee',
    args: text,
    see: async (response) => {
      const [left, right] = response.body!.tee();
      return [await new Response(left).text(), await new Response(right).text(), response.bodyUsed];
    },
  },
  {
    name: 'a body in async iteration',
    args: text,
    see: async (response) => {
      let seen = '';
      for await (const chunk of response.body!) seen += new TextDecoder().decode(chunk);
      return [seen, response.bodyUsed];
    },
  },
  {
    name: 'a body through a pipe',
    args: () => [
      reply({ text: 'äö'.repeat(300), times: 100, headers: [['content-type', 'text/plain']] }),
    ],
    see: async (response) => {
      const stream = response.body!.pipeThrough(new TextDecoderStream());
      let length = 0;
      for await (const piece of stream) length += piece.length;
      return [length, response.bodyUsed];
    },
  },
  {
    name: 'a body moved into a Response of one’s own',
    args: json,
    see: async (response) => {
      const copy = new Response(response.body, response);
      return [seeHead(copy), await copy.json(), response.bodyUsed];
    },
  },
  {
    name: 'a body as an object URL’s blob',
    args: () => [replyOf('image/svg+xml', '<svg/>')],
    see: async (response) => {
      const url = URL.createObjectURL(await response.blob());
      const again = await fetch(url);
      URL.revokeObjectURL(url);
      return [again.headers.get('content-type'), await again.text()];
    },
  },
  {
    name: 'a response can’t be cloned structurally',
    args: json,
    see: (response) => seeOutcome(() => structuredClone(response)),
  },
  {
    name: 'WebAssembly compiles while it streams',
    args: () => [replyOf('application/wasm', [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
    see: async (response) => {
      const module = await WebAssembly.compileStreaming(response);
      return WebAssembly.Module.exports(module);
    },
  },
  {
    name: 'invalid JSON under a text type',
    args: () => [replyOf('text/plain', '{"a":')],
    see: (response) => seeOutcome(() => response.json()),
  },
  {
    name: 'no JSON at all under a JSON type',
    args: () => [replyJson('')],
    see: (response) => seeOutcome(() => response.json()),
  },
  {
    name: 'a form reader on a body that is none',
    args: json,
    see: (response) => seeOutcome(() => response.formData()),
  },
  {
    name: 'HEAD has headers and no body',
    args: () => [replyJson('{"n":1}'), { method: 'HEAD' }],
    differs: withNullBody,
  },
  {
    name: 'HEAD of an error',
    args: () => [reply({ status: 404, text: 'no' }), { method: 'HEAD' }],
    differs: withNullBody,
  },
  {
    name: 'duplicate calls each get a response of their own',
    play: async (fetch) => {
      const url = replyJson('{"n":1}');
      const [a, b, c] = await Promise.all([fetch(url), fetch(url), fetch(url)]);
      const aJson = (await a.json()) as { n: number };
      aJson.n = 2;
      return [a === b, [a.bodyUsed, b.bodyUsed, c.bodyUsed], await b.json(), await c.text()];
    },
  },
  {
    name: 'bytes of one duplicate are not those of another',
    play: async (fetch) => {
      const url = replyOf('image/png', [1, 2, 3]);
      const [a, b] = await Promise.all([fetch(url), fetch(url)]);
      const bytes = await a.bytes();
      bytes[0] = 9;
      return [[...bytes], await seeBytes(b)];
    },
  },
];
