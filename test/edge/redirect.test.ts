import { describe, expect, it } from 'vitest';
import type { Call, Reply } from '../../src/core/types.ts';
import { redirect } from '../../src/edge/redirect.ts';
import { aCall, aReply } from '../support/calls.ts';
import { failureOf } from '../support/drained.ts';

const to = (status: number, location: string): Partial<Reply> => ({
  status,
  headers: [['location', location]],
});

interface Journey {
  readonly rode: Call[];
  readonly native: Call[];
  readonly end: Promise<Reply>;
}

/** Sends a call over a road on which each stop answers with the next reply. */
function travel(call: Partial<Call>, ...replies: Partial<Reply>[]): Journey {
  const [rode, native]: [Call[], Call[]] = [[], []];
  let n = 0;
  const answer =
    (seen: Call[]) =>
    (one: Call): Promise<Reply> => {
      seen.push(one);
      return Promise.resolve(aReply({ url: one.url, ...replies[n++] }));
    };
  const handle = redirect(answer(native))(answer(rode));
  return { rode, native, end: handle(aCall({ url: 'https://app.test/a', ...call })) };
}

const seen = ({ method, url, body }: Call): unknown[] => [method, url, body];

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is followed: %s', async (status) => {
    const { end, rode } = travel({}, to(status, '/b?x#y'), { status: 201 });

    expect(await end).toMatchObject({
      status: 201,
      url: 'https://app.test/b?x',
      redirected: true,
    });
    expect(rode.map(({ url }) => url)).toEqual(['https://app.test/a', 'https://app.test/b?x']);
  });

  it.each([200, 300, 304, 305, 306, 404])('is none: %s', async (status) => {
    const { end, rode } = travel({}, to(status, '/b'));

    expect(await end).toMatchObject({ status, redirected: false });
    expect(rode).toHaveLength(1);
  });

  it('without a location is the answer', async () => {
    const { end } = travel({}, { status: 302, headers: [] });

    expect(await end).toMatchObject({ status: 302, redirected: false });
  });

  it('is relative to where it came from, hop by hop', async () => {
    const { end } = travel({ url: 'https://app.test/x/a' }, to(302, 'b/c'), to(302, 'd'), {});

    expect((await end).url).toBe('https://app.test/x/b/d');
  });

  it('is followed twenty times', async () => {
    const hops = Array.from({ length: 20 }, (_, n) => to(302, `/${String(n)}`));

    const { end, rode } = travel({}, ...hops, { status: 200 });

    expect((await end).status).toBe(200);
    expect(rode).toHaveLength(21);
  });

  it('is not followed forever', async () => {
    const hops = Array.from({ length: 22 }, (_, n) => to(302, `/${String(n)}`));

    const { end, rode } = travel({}, ...hops);

    expect(await failureOf(end)).toMatchObject({
      code: 'protocol',
      message: 'GET https://app.test/a was redirected more than 20 times',
    });
    expect(rode).toHaveLength(21);
  });

  it.each(['https://', 'http://a b/'])('to what is no URL fails: %s', async (location) => {
    const error = await failureOf(travel({}, to(302, location)).end);

    expect(error).toMatchObject({ code: 'protocol' });
    expect((error as Error).message).toContain(`to '${location}', which is not a URL`);
    expect((error as Error).cause).toBeInstanceOf(TypeError);
  });

  it.each([
    'data:text/plain,x',
    'blob:https://app.test/1',
    'javascript:alert(1)',
    'ftp://app.test/',
  ])('to where `fetch` may not go fails: %s', async (location) => {
    expect(await failureOf(travel({}, to(302, location)).end)).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('only http and https') as string,
    });
  });
});

describe('the method and the body behind a redirect', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'PATCH', 'GET'],
    [303, 'DELETE', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
    [303, 'HEAD', 'HEAD'],
    [303, 'GET', 'GET'],
    [302, 'HEAD', 'HEAD'],
  ])('%s %s becomes %s', async (status, method, expected) => {
    const body = method === 'GET' || method === 'HEAD' ? null : 'x';
    const { end, rode } = travel({ method, body }, to(status, '/b'), {});

    await end;

    const kept = expected === method ? body : null;
    expect(rode.map(seen)[1]).toEqual([expected, 'https://app.test/b', kept]);
  });

  it('take along or leave the headers that are about the body', async () => {
    const headers = [
      ['accept', 'a'],
      ['content-type', 'text/plain'],
      ['content-language', 'en'],
      ['content-encoding', 'br'],
      ['content-location', '/x'],
      ['content-disposition', 'inline'],
    ] as const;
    const [changed, kept] = [303, 307].map((status) =>
      travel({ method: 'POST', body: 'x', headers }, to(status, '/b'), {}),
    );

    await Promise.all([changed!.end, kept!.end]);

    expect(changed?.rode[1]?.headers.map(([name]) => name)).toEqual([
      'accept',
      'content-disposition',
    ]);
    expect(kept?.rode[1]?.headers).toEqual(headers);
  });
});

describe('a redirect to another origin', () => {
  const headers = [
    ['accept', 'a'],
    ['authorization', 'Bearer t'],
  ] as const;

  it('goes natively, without what was meant for the first', async () => {
    const live = new Response('x');
    const { end, native, rode } = travel({ headers }, to(302, 'https://other.test/b#c'), {
      live,
      url: 'https://other.test/final',
      redirected: false,
    });

    expect(await end).toMatchObject({ live, url: 'https://other.test/final', redirected: true });
    expect(rode).toHaveLength(1);
    expect(native[0]).toMatchObject({ url: 'https://other.test/b', headers: [['accept', 'a']] });
  });

  it('on the same one keeps them', async () => {
    const { end, rode } = travel({ headers }, to(302, '/b'), {});

    await end;

    expect(rode[1]?.headers).toEqual(headers);
  });
});
