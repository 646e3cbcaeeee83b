import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveOptions, type CarpoolOptions } from '../../src/core/options.ts';
import { createToCall } from '../../src/edge/to-call.ts';
import { onPage } from '../support/page.ts';

beforeEach(() => {
  onPage();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

type Args = readonly [input: RequestInfo | URL, init?: RequestInit & { carpool?: object }];

/** Why the arguments keep a call from riding; 'rides' where they don't. */
async function fateOf(args: Args, options: CarpoolOptions = {}): Promise<string> {
  const toCall = createToCall(
    resolveOptions({ origins: ['https://api.test'], ...options }),
    () => null,
  );
  const outcome = await toCall(...args);
  return typeof outcome === 'string' ? outcome : 'rides';
}

const json = { 'content-type': 'application/json' };
const post = (body: BodyInit | null, headers: HeadersInit = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
});
/** An init whose members only its class has. */
class Init {
  get headers(): HeadersInit {
    return { range: 'bytes=0-1' };
  }
}

const stream = (): ReadableStream => new Response('{}').body!;

describe('what rides', () => {
  it.each<[string, Args]>([
    ['a path', ['/api']],
    ['a path beside the page', ['api']],
    ['an absolute URL', ['https://app.test/api']],
    ['a URL object', [new URL('https://app.test/api')]],
    ['a fragment', ['/api#part']],
    ['an origin that is listed', ['https://api.test/x']],
    ['a Request', [new Request('https://app.test/api')]],
    ['no init to speak of', ['/api', {}]],
    ['mode cors', ['/api', { mode: 'cors' }]],
    ['the default cache mode', ['/api', { cache: 'default' }]],
    ['redirects that are followed', ['/api', { redirect: 'follow' }]],
    ['the default referrer', ['/api', { referrer: 'about:client', referrerPolicy: '' }]],
    ['no integrity', ['/api', { integrity: '' }]],
    ['no keepalive', ['/api', { keepalive: false }]],
    ['any credentials', ['/api', { credentials: 'omit' }]],
    ['a priority', ['/api', { priority: 'high' }]],
    ['no signal', ['/api', { signal: null }]],
    ['a method in lower case', ['/api', { method: 'delete' }]],
    ['a POST without a body', ['/api', { method: 'POST' }]],
    ['text', ['/api', post('x')]],
    ['empty text', ['/api', post('')]],
    ['JSON', ['/api', post('{}', json)]],
    ['a form of fields', ['/api', post(new URLSearchParams({ a: '1' }))]],
    ['a Blob with a type', ['/api', post(new Blob(['{}'], { type: 'application/json' }))]],
    ['a buffer with a type', ['/api', post(new ArrayBuffer(8), { 'content-type': 'a/b' })]],
    ['a view with a type', ['/api', post(new Uint16Array(8), { 'content-type': 'a/b' })]],
    ['a body inside a Request', [new Request('https://app.test/api', post('{}', json))]],
    [
      'a Request whose body is replaced',
      [new Request('https://app.test/api', post('[')), post('{}', json)],
    ],
    [
      'an event stream among others is asked for by nobody',
      ['/api', { headers: { accept: '*/*' } }],
    ],
  ])('%s', async (_, args) => {
    expect(await fateOf(args)).toBe('rides');
  });
});

describe('what goes past', () => {
  it.each<[string, string, Args, CarpoolOptions?]>([
    ['hint', 'a hint', ['/api', { carpool: { batch: false } }]],
    ['rule', 'a rule', ['/api'], { rules: [{ match: '/api', batch: false }] }],
    ['origin', 'another origin', ['https://other.test/api']],
    ['origin', 'another port', ['https://app.test:8443/api']],
    ['origin', 'another scheme', ['http://app.test/api']],
    ['origin', 'blob:', ['blob:https://app.test/2f1b']],
    ['origin', 'data:', ['data:text/plain,x']],
    ['origin', 'about:', ['about:blank']],
    ['endpoint', 'the endpoint itself', ['/batch', post('{}', json)]],
    ['endpoint', 'the endpoint with a fragment', ['/batch#x']],
    ['endpoint', 'the endpoint with a query', ['/batch?x=1']],
    ['invalid', 'credentials in the URL', ['https://me:secret@app.test/api']],
    ['invalid', 'a user in the URL', ['https://me@app.test/api']],
    ['invalid', 'a password in the URL', ['https://:secret@app.test/api']],
    ['url', 'a path that looks like a host', ['https://app.test//other.test/api']],
    ['url', 'an encoded dot segment', ['/api/%252e%252e/x']],
    ['url', 'a dot segment behind encoded slashes', ['/api/..%2fx']],
    ['url', 'a backslash', ['/api?a=\\']],
    ['method', 'OPTIONS', ['/api', { method: 'OPTIONS' }]],
    ['method', 'patch, which fetch does not correct', ['/api', { method: 'patch' }]],
    ['method', 'a method of its own', ['/api', { method: 'REPORT' }]],
    ['mode', 'no-cors', ['/api', { mode: 'no-cors' }]],
    ['mode', 'same-origin', ['/api', { mode: 'same-origin' }]],
    [
      'mode',
      'same-origin of a Request',
      [new Request('https://app.test/', { mode: 'same-origin' })],
    ],
    ...(['no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'] as const).map(
      (cache): [string, string, Args] => ['cache', cache, ['/api', { cache }]],
    ),
    ['cache', 'a Request’s', [new Request('https://app.test/', { cache: 'no-store' })]],
    ['redirect', 'error', ['/api', { redirect: 'error' }]],
    ['redirect', 'manual', [new Request('https://app.test/api', { redirect: 'manual' })]],
    ['referrer', 'none', ['/api', { referrer: '' }]],
    ['referrer', 'another', ['/api', { referrer: 'https://app.test/other' }]],
    ['referrer', 'a policy', ['/api', { referrerPolicy: 'no-referrer' }]],
    ['integrity', 'a digest', ['/api', { integrity: 'sha256-x' }]],
    ['keepalive', 'set', ['/api', { keepalive: true }]],
    ['keepalive', 'set in a Request', [new Request('https://app.test/api', { keepalive: true })]],
    ['header', 'a Range of an init that is no plain object', ['/api', new Init()]],
    ['header', 'an inherited Range', ['/api', Object.create(new Init()) as RequestInit]],
    ['header', 'a Range', ['/api', { headers: { Range: 'bytes=0-1' } }]],
    ['header', 'an event stream', ['/api', { headers: { Accept: 'text/event-stream' } }]],
    ['header', 'what proxies tell', ['/api', { headers: { 'X-Forwarded-For': '::1' } }]],
    ['header', 'what servers refuse', ['/api', { headers: { 'X-Real-IP': '::1' } }]],
    [
      'header',
      'an event stream, by any case',
      ['/api', { headers: { accept: '*/*, Text/Event-Stream' } }],
    ],
    [
      'header',
      'a Request’s',
      [new Request('https://app.test/api', { headers: { range: 'bytes=1-' } })],
    ],
    ['body', 'a stream', ['/api', { ...post(stream(), json), duplex: 'half' } as RequestInit]],
    ['body', 'a form with files', ['/api', post(new FormData())]],
    ['body-size', 'text', ['/api', post('x'.repeat(11))], { maxBodyBytes: 10 }],
    ['body-size', 'in UTF-8', ['/api', post('é'.repeat(6))], { maxBodyBytes: 10 }],
    [
      'body-size',
      'bytes',
      ['/api', post(new Uint8Array(11), { 'content-type': 'a/b' })],
      { maxBodyBytes: 10 },
    ],
    [
      'body-size',
      'a Blob',
      ['/api', post(new Blob(['x'.repeat(11)], { type: 'text/plain' }))],
      { maxBodyBytes: 10 },
    ],
    [
      'body-size',
      'inside a Request',
      [new Request('https://app.test/', post('x'.repeat(11)))],
      { maxBodyBytes: 10 },
    ],
    ['content-type', 'none', ['/api', post(new Uint8Array(1))]],
    ['content-type', 'a Blob without', ['/api', post(new Blob(['x']))]],
    [
      'content-type',
      'a Request without',
      [new Request('https://app.test/', post(new Uint8Array(1)))],
    ],
    ['content-type', 'JSON that is none', ['/api', post('{', json)]],
    ['content-type', 'empty JSON', ['/api', post('', json)]],
    ['content-type', 'JSON with a BOM', ['/api', post('\ufeff{}', json)]],
    [
      'content-type',
      'JSON that is no UTF-8',
      ['/api', post(Uint8Array.of(0x22, 0xff, 0x22), json)],
    ],
    [
      'content-type',
      'text that is no UTF-8',
      ['/api', post(Uint8Array.of(0xff), { 'content-type': 'text/plain' })],
    ],
    [
      'content-type',
      'JSON in a Request that is none',
      [new Request('https://app.test/', post('{', json))],
    ],
    ['invalid', 'a signal that is none', ['/api', { signal: {} as AbortSignal }]],
  ])('for its %s: %s', async (reason, _, args, options) => {
    expect(await fateOf(args, options)).toBe(reason);
  });
});

describe('arguments that native `fetch` refuses', () => {
  it.each<[string, Args]>([
    ['a URL that is none', ['https://']],
    ['a body with GET', ['/api', { body: 'x' }]],
    ['a header name that is none', ['/api', { headers: { 'a b': '1' } }]],
    ['a header value that is none', ['/api', { headers: { a: '\u4e2d' } }]],
    ['headers that are none', ['/api', { headers: null as unknown as HeadersInit }]],
    ['credentials that are none', ['/api', { credentials: 'some' as RequestCredentials }]],
    ['a method that is none', ['/api', { method: 'A B' }]],
    ['CONNECT', ['/api', { method: 'CONNECT' }]],
  ])('never ride: %s', async (_, args) => {
    expect(await fateOf(args).catch(() => 'refused')).toMatch(/^(?:refused|method)$/);
  });

  it('never ride: a Request whose body has been used', async () => {
    const request = new Request('https://app.test/api', post('{}', json));
    await request.text();

    expect(await fateOf([request])).toBe('invalid');
  });

  it('never ride: a GET made of a Request with a body', async () => {
    const request = new Request('https://app.test/api', post('{}', json));

    expect(await fateOf([request, { method: 'GET' }])).not.toBe('rides');
  });
});
