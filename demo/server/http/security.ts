import { secureHeaders } from 'hono/secure-headers';
import type { MiddlewareHandler } from 'hono';

/**
 * The headers that a careful site sends. The policy allows nothing inline and nothing evaluated:
 * whatever runs on this page also runs on a page with a strict policy of its own.
 */
export function createSecurity(): MiddlewareHandler {
  const page = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
    xFrameOptions: 'DENY',
    // Over plain HTTP it would mean nothing; on a tunnel it would pin localhost's neighbours.
    strictTransportSecurity: false,
  });
  const viewer = secureHeaders({
    // The viewer of the API's description styles itself, and shows pictures that it brings along.
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
  });
  return (c, next) => (/^\/docs(?:\/|$)/.test(c.req.path) ? viewer : page)(c, next);
}
