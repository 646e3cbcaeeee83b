import { getCookie } from 'hono/cookie';
import type { MiddlewareHandler } from 'hono';
import type { AppContext, AppEnv } from '../http/context.ts';
import { problem } from '../http/problem.ts';
import { TokenError, type Tokens } from './tokens.ts';

/** Where pages keep their token, out of their scripts' reach. */
export const cookieName = 'token';

/** What needs no user. */
const open: ReadonlySet<string> = new Set([
  '/api/auth/login',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
]);

const unauthorized = (reason: string): Response => {
  const response = problem(401, 'Not logged in', `Send a token: ${reason}.`);
  // RFC 6750, 3.
  const error = reason.startsWith('there is none')
    ? ''
    : `, error="invalid_token", error_description="${reason}"`;
  response.headers.set('www-authenticate', `Bearer realm="carpool-demo"${error}`);
  return response;
};

/** The token: `Authorization` first, since who sends both means that one. */
function tokenOf(c: AppContext): string | undefined {
  const field = c.req.header('authorization');
  if (field === undefined) return getCookie(c, cookieName);
  return /^Bearer +(\S+)$/i.exec(field)?.[1] ?? '';
}

/** Lets nobody pass without a valid token, but to where one is given; what is not there is nobody's business. */
export function createGuard(tokens: Tokens): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (open.has(c.req.path)) return next();
    const token = tokenOf(c);
    if (token === undefined) {
      return unauthorized(
        'there is none. POST /api/auth/login gives one, as Authorization: Bearer',
      );
    }
    try {
      c.set('user', await tokens.read(token));
    } catch (error) {
      if (error instanceof TokenError) return unauthorized(error.message);
      throw error;
    }
    return next();
  };
}

/** Lets only administrators pass. */
export const adminsOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.get('user').role === 'admin') return next();
  return problem(403, 'Not allowed', `This is for administrators; you are '${c.get('user').id}'.`);
};
