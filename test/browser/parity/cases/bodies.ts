import type { ParityCase } from '../parity-case.ts';
import { reply, replyJson, replyOf } from '../../support/reply.ts';
import { seeBytes, seeOutcome } from '../see.ts';

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const latin1 = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));
const everyByte = Array.from({ length: 256 }, (_, byte) => byte);
const bom = [0xef, 0xbb, 0xbf];

async function seeForm(form: FormData): Promise<unknown> {
  const entries = [];
  for (const [name, value] of form) {
    entries.push([
      name,
      typeof value === 'string' ? value : [value.name, value.type, await value.text()],
    ]);
  }
  return entries;
}

async function seeStream(body: ReadableStream<Uint8Array> | null): Promise<unknown> {
  if (!body) return null;
  const bytes: number[] = [];
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!(read.value instanceof Uint8Array)) return 'no bytes';
    bytes.push(...read.value);
  }
  return bytes;
}

/** What each of a body's readers makes of it. */
async function everyReader(response: Response): Promise<unknown> {
  const read = (how: (clone: Response) => unknown): Promise<unknown> => {
    const clone = response.clone();
    return seeOutcome(() => how(clone));
  };
  return {
    type: response.headers.get('content-type'),
    json: await read((clone) => clone.json()),
    text: await read((clone) => clone.text()),
    arrayBuffer: await read(seeBytes),
    blob: await read(async (clone) => {
      const blob = await clone.blob();
      return [blob.type, blob.size, await blob.text()];
    }),
    bytes: await read(async (clone) => [...(await clone.bytes())]),
    formData: await read(async (clone) => seeForm(await clone.formData())),
    stream: await read((clone) => seeStream(clone.body)),
  };
}

const multipart = [
  '--edge',
  'Content-Disposition: form-data; name="a"',
  '',
  '1',
  '--edge',
  'Content-Disposition: form-data; name="f"; filename="ü.txt"',
  'Content-Type: text/plain',
  '',
  'file',
  '--edge--',
  '',
].join('\r\n');

const bodies: readonly (readonly [name: string, url: string])[] = [
  ['a JSON object', replyJson('{"a":[1,null,true,"x"],"b":{"c":-1.5e3}}')],
  ['a JSON array', replyJson('[1,2,3]')],
  ['a JSON string', replyJson('"just text"')],
  ['a JSON number', replyJson('42')],
  ['JSON null', replyJson('null')],
  ['JSON false', replyJson('false')],
  ['JSON with numbers beyond 2^53', replyJson('{"id":12345678901234567890,"f":1.10,"e":1E400}')],
  ['JSON with spaces and tabs', replyJson('{ "a" :\t1 , "b" : [ ] }')],
  ['JSON with escapes', replyJson('{"nl":"\\n","u":"\\u00fc","q":"\\"","s":"\\/"}')],
  ['JSON in several scripts', replyJson('{"greeting":"Grüße, 世界, 👋🏽"}')],
  ['JSON with a lone surrogate', replyJson('{"s":"\\ud83d"}')],
  ['JSON with a member named body', replyJson('{"body":{"body":1},"id":"0","stats":{}}')],
  ['JSON with repeated members', replyJson('{"a":1,"a":2}')],
  ['JSON with __proto__', replyJson('{"__proto__":{"x":1}}')],
  ['JSON with line separators in a string', replyJson('{"s":"\u2028\u2029\u0085"}')],
  ['an empty body under a JSON type', replyJson('')],
  ['problem details', replyOf('application/problem+json', '{"title":"No","status":200}')],
  ['text/json', replyOf('text/json', '{"a":1}')],
  ['JSON text under a text type', replyOf('text/plain', '{"a": 1,\n "b": 2}')],
  ['text', replyOf('text/plain', 'hello\r\nworld\n')],
  ['text in several scripts', replyOf('text/plain;charset=utf-8', 'Grüße, 世界, 👋🏽, \u0000')],
  ['text with a byte order mark', replyOf('text/plain', [...bom, ...utf8('marked')])],
  ['empty text', replyOf('text/plain', '')],
  ['HTML', replyOf('text/html; charset=utf-8', '<p title="a">&amp; "b" \\ </p>')],
  ['CSV', replyOf('text/csv', 'a,b\n1,2\n')],
  ['NDJSON', replyOf('application/x-ndjson', '{"a":1}\n{"a":2}\n')],
  ['XML in UTF-16', replyOf('application/xml', [0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0])],
  ['SVG', replyOf('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['JavaScript', replyOf('text/javascript', 'export const a = `\\n`;\n')],
  ['every byte there is', replyOf('application/octet-stream', everyByte)],
  ['one byte', replyOf('image/png', [0x89])],
  ['an empty binary body', replyOf('application/octet-stream', [])],
  ['binary without a type', reply({ bytes: everyByte })],
  ['a urlencoded form', replyOf('application/x-www-form-urlencoded', 'a=1&b=%C3%BC+x&a=2')],
  ['a multipart form', replyOf('multipart/form-data; boundary=edge', multipart)],
  ['a type that is not valid', replyOf('nonsense', 'what is this')],
];

const withoutLineEnds = (bytes: readonly number[]): number[] =>
  bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d);

interface Seen {
  readonly arrayBuffer: number[];
  readonly text: string;
}

export const bodyCases: readonly ParityCase[] = [
  ...bodies.map(([name, url]) => ({
    name: `every reader on ${name}`,
    args: () => [url] as [string],
    see: everyReader,
  })),
  {
    name: 'a body of 3 MB of text',
    args: () => [
      reply({ text: 'äbc\n'.repeat(600), times: 1000, headers: [['content-type', 'text/plain']] }),
    ],
    see: async (response) => {
      const text = await response.text();
      return [text.length, text.startsWith('äbc\näbc'), text.endsWith('äbc\n')];
    },
  },
  {
    name: 'a body of 256 kB of bytes',
    args: () => [
      reply({ bytes: everyByte, times: 1024, headers: [['content-type', 'image/webp']] }),
    ],
    see: async (response) => {
      const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
      return [...new Uint8Array(digest)];
    },
  },
  {
    name: 'JSON on several lines loses its line ends, and space at its end',
    args: () => [replyJson('{\n  "a": 1,\r\n  "b": "\\n"\n} \n')],
    see: async (response) => ({
      arrayBuffer: await seeBytes(response.clone()),
      json: await response.clone().json(),
      text: await response.text(),
    }),
    differs: {
      by: 'recoded',
      as: (native) => {
        const { arrayBuffer, text } = native as Seen;
        return {
          ...(native as Seen),
          arrayBuffer: withoutLineEnds(arrayBuffer).slice(0, -1),
          text: text.replaceAll(/[\r\n]/g, '').trimEnd(),
        };
      },
    },
  },
  {
    name: 'JSON with a byte order mark loses it',
    args: () => [replyOf('application/json', [...bom, ...utf8('{"a":1}')])],
    see: async (response) => ({
      arrayBuffer: await seeBytes(response.clone()),
      json: await response.clone().json(),
      text: await response.text(),
    }),
    differs: {
      by: 'recoded',
      as: (native) => ({
        ...(native as Seen),
        arrayBuffer: (native as Seen).arrayBuffer.slice(bom.length),
      }),
    },
  },
  {
    name: 'text in another charset arrives in UTF-8',
    args: () => [replyOf('text/plain; charset=iso-8859-1', latin1('Zürich'))],
    see: async (response) => ({
      type: response.headers.get('content-type'),
      arrayBuffer: await seeBytes(response.clone()),
      text: await response.text(),
    }),
    differs: {
      by: 'recoded',
      as: () => ({
        type: 'text/plain;charset=utf-8',
        arrayBuffer: utf8('Zürich'),
        text: 'Zürich',
      }),
    },
  },
  {
    name: 'text that is not valid in its charset arrives with replacement characters',
    args: () => [replyOf('text/plain', [0x61, 0xff, 0x62])],
    see: async (response) => ({
      arrayBuffer: await seeBytes(response.clone()),
      text: await response.text(),
    }),
    differs: {
      by: 'recoded',
      as: (native) => ({ ...(native as Seen), arrayBuffer: utf8('a\ufffdb') }),
    },
  },
  {
    name: 'a body that is not the JSON its type says arrives as a 502',
    args: () => [replyJson('{"a":')],
    see: async (response) => ({
      status: response.status,
      type: response.headers.get('content-type'),
      json: await seeOutcome(async () => Object.keys((await response.json()) as object)),
    }),
    differs: {
      by: 'recoded',
      as: () => ({
        status: 502,
        type: 'application/problem+json',
        json: ['title', 'status', 'detail', 'correlationId', 'request'],
      }),
    },
  },
];
