type Fetch = typeof globalThis.fetch;

// Shared by all copies of this library on a page: what to put back below a wrapper that is out of use.
const below = Symbol.for('carpool.below');
type Wrapper = Fetch & { readonly [below]?: () => Fetch | undefined };

export interface Installer {
  /** The `fetch` under this client: the page's own, or what stood there before it was installed. */
  readonly native: Fetch;
  /** Puts `fetch` in place of the page's; the result takes it away again. */
  readonly install: (fetch: Fetch) => () => void;
}

/**
 * Puts a client in place of `globalThis.fetch` and takes it away, in any order among several clients
 * and others who do the same. A wrapper that can't be taken out, since another stands on it, passes
 * calls on from then on, and goes when it comes to the top.
 */
export function createInstaller(): Installer {
  // What each of this client's installations stands on, oldest first. The oldest one's ground is
  // used: anything higher may lead back to this client.
  const grounds: Fetch[] = [];
  const native: Fetch = (...args) => (grounds[0] ?? globalThis.fetch)(...args);
  const install = (fetch: Fetch): (() => void) => {
    const ground = globalThis.fetch;
    let isActive = true;
    const wrapper: Wrapper = Object.assign(
      (...args: Parameters<Fetch>): Promise<Response> =>
        isActive ? fetch(...args) : ground(...args),
      { [below]: () => (isActive ? undefined : ground) },
    );
    grounds.push(ground);
    globalThis.fetch = wrapper;
    return () => {
      if (!isActive) return;
      isActive = false;
      grounds.splice(grounds.indexOf(ground), 1);
      for (let under; (under = (globalThis.fetch as Wrapper)[below]?.());) globalThis.fetch = under;
    };
  };
  return { native, install };
}
