/** What the tests use of the npm package, which has no types of its own. */
declare module 'http-cache-semantics' {
  type Fields = Readonly<Record<string, string>>;

  interface Message {
    readonly headers: Fields;
  }
  type Request = Message & { readonly method?: string; readonly url?: string };
  type Response = Message & { readonly status?: number };

  export default class CachePolicy {
    constructor(request: Request, response: Response, options?: { readonly shared?: boolean });
    now(): number;
    storable(): boolean;
    /** In seconds. */
    maxAge(): number;
    age(): number;
    evaluateRequest(request: Request): {
      readonly response?: Message | undefined;
      readonly revalidation?: { readonly synchronous: boolean } | undefined;
    };
    revalidatedPolicy(
      request: Request,
      response: Response,
    ): { readonly policy: CachePolicy; readonly modified: boolean };
  }
}
