import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { aDemoServer } from '../support/a-demo-server.ts';

const secret = 'a secret that has at least 32 characters';

/** A token as the server signs them, but for what is given. */
function aToken({
  key = secret,
  audience = 'carpool-demo',
  issuer = 'carpool-demo',
  expires = '1h',
}: {
  readonly key?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly expires?: string | number;
} = {}): Promise<string> {
  return new SignJWT({ name: 'Ann', role: 'user' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ann')
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(Buffer.from(key));
}

const aServer = () => aDemoServer({ JWT_SECRET: secret });

const as = (token: string) => ({ as: null, headers: { authorization: `Bearer ${token}` } });

describe('a token', () => {
  it('says who one is', async () => {
    const response = await aServer().ask('/api/auth/me', as(await aToken()));

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: 'ann', name: 'Ann', role: 'user' });
  });

  it('is good for the items of a batch', async () => {
    const response = await aServer().send(
      'POST',
      '/batch',
      { requests: [{ id: 'a', method: 'GET', url: '/api/auth/me' }] },
      as(await aToken()),
    );

    expect(await response.json()).toMatchObject({
      responses: [{ id: 'a', status: 200, body: { id: 'ann' } }],
    });
  });

  it.each([
    ['has expired', () => aToken({ expires: 1 }), 'expired'],
    ['is signed with another key', () => aToken({ key: 'x'.repeat(32) }), 'signature'],
    ['is for another audience', () => aToken({ audience: 'others' }), "'aud'"],
    ['is of another issuer', () => aToken({ issuer: 'others' }), "'iss'"],
    ['has the algorithm none', () => new UnsecuredJWT({ sub: 'ann' }).encode(), 'algorithm'],
    ['is no token', () => 'abc', 'no valid token'],
  ])('that %s is 401 with the reason', async (_, make, reason) => {
    const response = await aServer().ask('/api/notes', as(await make()));

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await response.json()).toMatchObject({
      status: 401,
      detail: expect.stringContaining(reason),
    });
  });

  it('is needed: without one, 401 says where there are any', async () => {
    const server = aServer();

    for (const path of ['/api/notes', '/api/widgets/1', '/api/stats', '/api/audit', '/api/none']) {
      const response = await server.ask(path, { as: null });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="carpool-demo"');
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining('/api/auth/login'),
      });
    }
    expect((await server.send('POST', '/batch', { requests: [] }, { as: null })).status).toBe(401);
  });

  it('is needed, and a good one, by every operation that isn’t open', async () => {
    const server = aServer();
    const bad = [
      undefined,
      await aToken({ expires: 1 }),
      await aToken({ key: 'x'.repeat(32) }),
      await aToken({ audience: 'others' }),
      new UnsecuredJWT({ sub: 'ann' }).encode(),
    ];
    const { paths } = (await (await server.ask('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security?: readonly unknown[] }>>;
    };
    const guarded = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security?.length !== 0)
        .map(([method]) => [method.toUpperCase(), path] as const),
    );
    const letIn: string[] = [];

    for (const [method, path] of guarded) {
      for (const token of bad) {
        const init = token === undefined ? { as: null } : as(token);
        const response = await server.ask(path.replaceAll(/\{\w+\}/g, '1'), { method, ...init });
        await response.body?.cancel();
        if (response.status !== 401) letIn.push(`${method} ${path}: ${response.status}`);
      }
    }

    expect(letIn).toEqual([]);
    expect(guarded.length).toBeGreaterThan(50);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/'])(
    'is not needed for %s',
    async (path) => {
      expect((await aServer().ask(path, { as: null })).status).toBe(200);
    },
  );
});

describe('POST /api/auth/login', () => {
  const logIn = (
    server: ReturnType<typeof aServer>,
    username: string,
    password = `${username}-password`,
  ) => server.send('POST', '/api/auth/login', { username, password }, { as: null });

  it('gives a token that is good', async () => {
    const server = aServer();

    const response = await logIn(server, 'ann');

    const { token, expiresIn, user } = (await response.json()) as {
      token: string;
      expiresIn: number;
      user: unknown;
    };
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(expiresIn).toBe(3600);
    expect(user).toEqual({ id: 'ann', name: 'Ann', role: 'user' });
    expect((await server.ask('/api/auth/me', as(token))).status).toBe(200);
  });

  it('gives a cookie that is as good, and that scripts can’t read; logging out takes it back', async () => {
    const server = aServer();

    const cookie = (await logIn(server, 'ann')).headers.get('set-cookie') ?? '';

    expect(cookie).toMatch(/; HttpOnly(?:;|$)/);
    expect(cookie).toMatch(/; SameSite=Strict(?:;|$)/);
    const headers = { cookie: cookie.split(';')[0]! };
    const me = await server.ask('/api/auth/me', { as: null, headers });
    expect(await me.json()).toMatchObject({ id: 'ann' });
    const out = await server.ask('/api/auth/logout', { as: null, method: 'POST', headers });
    expect(out.headers.get('set-cookie')).toMatch(/^token=; Max-Age=0/);
  });

  it('an Authorization counts before a cookie', async () => {
    const server = aServer();
    const cookie = `token=${await server.tokenOf('bob')}`;

    const response = await server.ask('/api/auth/me', {
      as: null,
      headers: { cookie, authorization: `Bearer ${await aToken()}` },
    });

    expect(await response.json()).toMatchObject({ id: 'ann' });
  });

  it.each([
    ['a wrong password', 'ann', 'wrong'],
    ['a name that there isn’t', 'nobody', 'wrong'],
  ])('%s is 401, and tells no more', async (_, username, password) => {
    const response = await logIn(aServer(), username, password);

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ detail: 'The name or the password is wrong.' });
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('after ten failures of one name, 429 says when to try again; others are let in', async () => {
    const server = aServer();
    for (let i = 0; i < 10; i++) expect((await logIn(server, 'ann', 'wrong')).status).toBe(401);

    const response = await logIn(server, 'ann', 'wrong');

    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await logIn(server, 'bob')).status).toBe(200);
  });

  it('at once, in a batch, no more than ten of one name are looked at', async () => {
    const server = aServer();
    const guess = (id: number) => ({
      id: String(id),
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/json' },
      body: { username: 'ann', password: `guess-${id}` },
    });
    const requests = Array.from({ length: 30 }, (_, id) => guess(id));

    const response = await server.send('POST', '/batch', { requests }, { as: 'bob' });

    const { responses } = (await response.json()) as { responses: { status: number }[] };
    expect(responses.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(20);
  });

  it('its answer is not kept under an Idempotency-Key: that would keep the token', async () => {
    const server = aServer();
    const body = { username: 'ann', password: 'ann-password' };
    const init = { as: null, headers: { 'idempotency-key': '"k"' } };

    await server.send('POST', '/api/auth/login', body, init);
    const again = await server.send('POST', '/api/auth/login', body, init);

    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is in the audit trail, with who has come in', async () => {
    const server = aServer();
    await logIn(server, 'ann');
    await logIn(server, 'bob', 'wrong');

    const response = await server.ask('/api/audit', { as: 'admin' });

    expect(await response.json()).toMatchObject({
      writes: [
        { user: 'nobody', path: '/api/auth/login', status: 401 },
        { user: 'ann', path: '/api/auth/login', status: 200 },
      ],
    });
  });

  it('those that succeed don’t count', async () => {
    const server = aServer();

    for (let i = 0; i < 12; i++) expect((await logIn(server, 'ann')).status).toBe(200);
  });

  it.each([
    ['no password', { username: 'ann' }, '#/password'],
    ['a name that is a number', { username: 1, password: 'a' }, '#/username'],
    ['a member too many', { username: 'a', password: 'a', x: 1 }, '#'],
  ])('%s is 422 and names it', async (_, body, pointer) => {
    const response = await aServer().send('POST', '/api/auth/login', body, { as: null });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});
