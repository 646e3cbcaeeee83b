import type { Widget } from '../widgets.ts';

/** Asks for a widget, as one of a page's widgets would: it knows of no other. */
export type Ask = (id: number) => Promise<Widget>;

/** A way to ask for many widgets, in the form that its own documentation recommends. */
export interface Contender {
  readonly name: string;
  /** The connection that it is measured over: plain HTTP/1.1, or HTTP/2 over TLS. */
  readonly over: Protocol;
  /** A client as it is when its page has been loaded; made before the clock runs. */
  readonly create: () => Ask;
  /**
   * Whether a page has one client for as long as it lives, which learns of its endpoint; the others get
   * a new one each time, since they would answer from what they keep, or have nothing to learn.
   *
   * @default false
   */
  readonly isLasting?: boolean;
}

export type Protocol = 'h1' | 'h2';
