import type { Context } from 'hono';
import type { Log } from '../platform/log.ts';

/** Who calls. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: 'user' | 'admin';
}

/** What middleware leaves for routes. */
export interface AppEnv {
  /** What comes with a request from where it is served. */
  Bindings: { readonly isItem?: true };
  Variables: {
    /** This request, or this item of a batch. */
    readonly requestId: string;
    /** What it is part of, from the first service to the last. */
    readonly correlationId: string;
    /** W3C Trace Context, for what is called from here. */
    readonly traceparent: string;
    /** Set on all routes that need a user. */
    readonly user: User;
    readonly log: Log;
    /**
     * Counts a request for many as so many items against the user's limit.
     *
     * @throws HTTPException 429
     */
    readonly countItems: (count: number) => Promise<void>;
  };
}

export type AppContext = Context<AppEnv>;
