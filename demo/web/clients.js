import { createCarpool } from '/assets/carpool.min.js';

/** @typedef {ReturnType<typeof createCarpool>} Carpool */

/** Sixty tiles, one batch, also when all of them are distinct. */
const maxItems = 100;

/**
 * The page's clients, each made when it is first asked for: without a cache, nothing is ever stored.
 *
 * @param {() => string | null} identity who the cached data belongs to
 */
export function createClients(identity) {
  /** @type {Carpool | undefined} */
  let plain;
  /** @type {Carpool | undefined} */
  let caching;

  return {
    plain: () => (plain ??= createCarpool({ endpoint: '/batch', maxItems })),

    caching: () =>
      (caching ??= createCarpool({
        endpoint: '/batch',
        maxItems,
        // Widgets say themselves how long they keep; notes don't.
        cache: { ttl: '2m', persist: true },
        identity,
        rules: [
          { match: '/api/widgets/*', tags: ['widgets'] },
          { match: '/api/notes/*', invalidates: ['/api/notes'] },
        ],
      })),
  };
}
