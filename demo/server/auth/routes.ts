import { createRoute, z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { Services } from '../services.ts';
import { body, createRouter, json, problems, type Router } from '../http/router.ts';
import { refuse } from '../http/problem.ts';
import { tooMany } from '../http/limits.ts';
import { cookieName } from './guard.ts';
import { isPassword } from './passwords.ts';
import { tokenSeconds } from './tokens.ts';
import { findUser } from './users.ts';

const user = z
  .object({ id: z.string(), name: z.string(), role: z.enum(['user', 'admin']) })
  .openapi('User', { example: { id: 'demo', name: 'Demo', role: 'user' } });

const credentials = z
  .strictObject({ username: z.string().min(1).max(100), password: z.string().min(1).max(200) })
  .openapi('Credentials', { example: { username: 'demo', password: 'demo-password' } });

const session = z
  .object({ token: z.string(), tokenType: z.literal('Bearer'), expiresIn: z.int(), user })
  .openapi('Session');

const login = createRoute({
  method: 'post',
  path: '/api/auth/login',
  tags: ['auth'],
  security: [],
  summary: 'Logs in',
  description: 'Gives a token, in the answer and, for pages, in a cookie that scripts can’t read.',
  request: { body: body(credentials) },
  responses: { 200: json(session, 'Logged in'), ...problems(401, 415, 422) },
});

const logout = createRoute({
  method: 'post',
  path: '/api/auth/logout',
  tags: ['auth'],
  summary: 'Takes the cookie back',
  responses: { 204: { description: 'Logged out' }, ...problems(401) },
});

const me = createRoute({
  method: 'get',
  path: '/api/auth/me',
  tags: ['auth'],
  summary: 'Who the token says you are',
  responses: { 200: json(user, 'The user'), ...problems(401) },
});

/** Logging in and out. */
export function createAuthRoutes({ database, tokens, limiters, metrics }: Services): Router {
  const router = createRouter();

  router.openapi(login, async (c) => {
    const { username, password } = c.req.valid('json');
    const name = username.toLowerCase();
    // Before the password is looked at: of many that come at once, none sees what the others will have spent.
    const verdict = await limiters.logins.spend(name, 1);
    if (!verdict.isAllowed) {
      metrics.limited.inc({ limit: limiters.logins.name });
      throw new HTTPException(429, { res: tooMany(limiters.logins, verdict) });
    }
    const known = findUser(database, username);
    // The same work for a name that there isn't.
    const isRight = isPassword(password, known?.password ?? 'nobody:00');
    if (!known || !isRight) {
      return refuse(401, 'Not logged in', 'The name or the password is wrong.');
    }
    // Only failures count.
    await limiters.logins.refund(name, 1);
    const { id, role } = known;
    const found = { id, name: known.name, role };
    const token = await tokens.issue(found);
    // For the log and the audit trail.
    c.set('user', found);
    setCookie(c, cookieName, token, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: tokenSeconds,
    });
    c.header('cache-control', 'no-store');
    return c.json(
      { token, tokenType: 'Bearer' as const, expiresIn: tokenSeconds, user: found },
      200,
    );
  });

  router.openapi(logout, (c) => {
    deleteCookie(c, cookieName, { path: '/' });
    return c.body(null, 204);
  });

  router.openapi(me, (c) => {
    const { id, name, role } = c.get('user');
    c.header('cache-control', 'private, no-cache');
    return c.json({ id, name, role }, 200);
  });

  return router;
}
