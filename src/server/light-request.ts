import { toHeaders, type Ask, type CreateRequest } from './item.ts';

type RequestClass = typeof Request;

/**
 * `@hono/node-server` replaces the platform's `Request` by one whose constructor takes light ones,
 * too: objects with a method, under a symbol of its own, that gives the real request.
 *
 * @returns that symbol, which the constructor asks for; null for a platform's own `Request`.
 */
function findRealKey(requestClass: RequestClass): symbol | null {
  const url = 'http://localhost/';
  let asked: PropertyKey | null = null;
  const probe = new Proxy(
    {},
    {
      has: (_, key) => {
        asked = key;
        return true;
      },
      get: (_, key) => (key === asked ? () => url : undefined),
    },
  );
  try {
    const isTaken = new requestClass(probe as Request).url === url;
    return isTaken && typeof asked === 'symbol' ? asked : null;
  } catch {
    return null;
  }
}

/** Has what `light` lacks of a platform's requests answered by a real one. */
function delegate(light: object, prototype: object, realKey: symbol): void {
  const toReal = (request: unknown): object =>
    (request as Record<symbol, () => object>)[realKey]!();
  for (const key of Reflect.ownKeys(prototype)) {
    const { get, value } = Object.getOwnPropertyDescriptor(prototype, key)! as {
      get?: () => unknown;
      value?: unknown;
    };
    if (Object.hasOwn(light, key)) continue;
    if (get) {
      Object.defineProperty(light, key, {
        get() {
          return get.call(toReal(this));
        },
      });
    } else if (typeof value === 'function') {
      Object.defineProperty(light, key, {
        value(...parameters: unknown[]) {
          return Reflect.apply(value, toReal(this), parameters);
        },
      });
    }
  }
}

// A fact about the class, found once: there may be a handler for each batch.
const known = /* @__PURE__ */ new WeakMap<RequestClass, CreateRequest | null>();

/**
 * Requests that know what most endpoints ask of one. For the rest they make a real one, which costs
 * as much as all else that is done for an item. The platform's own `fetch` takes none of them.
 *
 * @returns null where the platform's own `Request` stands: it takes none but real ones.
 */
export function lightRequestsOf(requestClass: RequestClass): CreateRequest | null {
  let light = known.get(requestClass);
  if (light === undefined) known.set(requestClass, (light = createLightRequests(requestClass)));
  return light;
}

function createLightRequests(requestClass: RequestClass): CreateRequest | null {
  const realKey = findRealKey(requestClass);
  if (realKey === null) return null;

  class LightRequest {
    readonly #ask: Ask;
    readonly #inherited: Headers;
    readonly #signal: AbortSignal;
    #headers: Headers | null = null;

    constructor(ask: Ask, inherited: Headers, signal: AbortSignal) {
      this.#ask = ask;
      this.#inherited = inherited;
      this.#signal = signal;
    }

    get method(): string {
      return this.#ask.method;
    }

    get url(): string {
      return this.#ask.url;
    }

    get headers(): Headers {
      return (this.#headers ??= toHeaders(this.#ask, this.#inherited));
    }

    get signal(): AbortSignal {
      return this.#signal;
    }

    get body(): null {
      return null;
    }

    get bodyUsed(): boolean {
      return false;
    }

    /** A new one each time, with the headers as they are by then: there is no body to share. */
    [realKey!](): Request {
      return new requestClass(this.url, {
        method: this.method,
        headers: this.headers,
        signal: this.#signal,
        redirect: 'manual',
      });
    }
  }

  const light: object = LightRequest.prototype;
  for (
    let prototype = requestClass.prototype as object;
    prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object
  ) {
    delegate(light, prototype, realKey);
  }
  Object.setPrototypeOf(light, requestClass.prototype);
  Object.defineProperty(light, 'constructor', { value: requestClass });

  // What it lacks of one, its prototype has, which no type can tell.
  return (ask, inherited, signal) => new LightRequest(ask, inherited, signal) as unknown as Request;
}
