import { toHeaders, type Ask } from './item.ts';

type RequestClass = typeof Request;

/** Requests without a body that are cheap to make. */
export interface LightRequests {
  readonly create: (ask: Ask, inherited: Headers, signal: AbortSignal) => Request;
  /** Whether `error` is what the platform throws when such a request is handed to its own `fetch`. */
  readonly isRefusal: (error: unknown) => boolean;
}

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

/** What the platform's own `Request` says of one that only looks like it; null if it takes it. */
function refusalOf(requestClass: RequestClass, light: Request): string | null {
  const platformClass = Object.getPrototypeOf(requestClass) as RequestClass;
  try {
    Reflect.construct(platformClass, [light]);
    return null;
  } catch (error) {
    return (error as Error).message;
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
const known = /* @__PURE__ */ new WeakMap<RequestClass, LightRequests | null>();

/**
 * Requests that know what most endpoints ask of one. For the rest they make a real one, which costs
 * as much as all else that is done for an item.
 *
 * @returns null where the platform's own `Request` stands: it takes none but real ones.
 */
export function lightRequestsOf(requestClass: RequestClass): LightRequests | null {
  let light = known.get(requestClass);
  if (light === undefined) known.set(requestClass, (light = createLightRequests(requestClass)));
  return light;
}

function createLightRequests(requestClass: RequestClass): LightRequests | null {
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

  const create: LightRequests['create'] = (ask, inherited, signal) =>
    new LightRequest(ask, inherited, signal) as unknown as Request;
  const probe: Ask = { method: 'GET', url: 'http://localhost/', headers: new Map(), body: null };
  const refusal = refusalOf(
    requestClass,
    create(probe, new Headers(), new AbortController().signal),
  );
  return refusal === null
    ? null
    : {
        create,
        isRefusal: (error) => error instanceof TypeError && error.message === refusal,
      };
}
