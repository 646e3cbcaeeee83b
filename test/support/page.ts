import { vi } from 'vitest';

/** Pretends to be a page at `href`; undone after the test by `unstubGlobals`. */
export function onPage(href = 'https://app.test/page?x#top', baseURI = href): void {
  vi.stubGlobal('location', new URL(href));
  vi.stubGlobal('document', { baseURI });
}
