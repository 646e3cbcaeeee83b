import { createSecretKey, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { User } from '../http/context.ts';

/** How long a token is good for, in seconds. */
export const tokenSeconds = 3600;

const [issuer, audience] = ['carpool-demo', 'carpool-demo'];

/** Why a token isn't taken. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

export interface Tokens {
  /** @param seconds how long it is good for; `tokenSeconds` unless told */
  readonly issue: (user: User, seconds?: number) => Promise<string>;
  /** @throws TokenError with the reason */
  readonly read: (token: string) => Promise<User>;
}

function toReason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired: log in again';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its claim '${error.claim}' is wrong`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not allowed';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is no valid token';
}

/**
 * Signs and reads tokens (RFC 7519), with HS256. Without a secret there is one for the life of the process.
 * A token that was read once is known for as long as it is good: a batch's items all carry the same.
 */
export function createTokens(secret?: string): Tokens {
  const key = createSecretKey(secret === undefined ? randomBytes(32) : Buffer.from(secret));
  const known = new LRUCache<string, User>({ max: 10_000 });
  return {
    issue: ({ id, name, role }, seconds = tokenSeconds) =>
      new SignJWT({ name, role })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(id)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${seconds}s`)
        .sign(key),
    read: async (token) => {
      const user = known.get(token);
      if (user) return user;
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer,
          audience,
          requiredClaims: ['sub', 'exp', 'name', 'role'],
        });
        const read: User = {
          id: payload.sub!,
          name: String(payload['name']),
          role: payload['role'] === 'admin' ? 'admin' : 'user',
        };
        known.set(token, read, { ttl: Math.max(1, payload.exp! * 1000 - Date.now()) });
        return read;
      } catch (error) {
        throw new TokenError(toReason(error), { cause: error });
      }
    },
  };
}
