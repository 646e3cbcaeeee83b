/** What a client does as its page comes and goes. */
export interface PageLife {
  /** The page may be gone any moment; `maySleep` if it may come back, from the back/forward cache. */
  readonly onLeave: (maySleep: boolean) => void;
  /** It is shown; `wasAsleep` if it comes from there. */
  readonly onShow: (wasAsleep: boolean) => void;
  /** Nobody looks at it any more: on a phone, often the last that it hears. */
  readonly onHide: () => void;
}

/** Watches the page, where there is one; the result stops that. */
export function watchPage({ onLeave, onShow, onHide }: PageLife): () => void {
  const page = globalThis as Partial<
    Pick<Window, 'addEventListener' | 'removeEventListener' | 'document'>
  >;
  const persisted =
    (then: (isPersisted: boolean) => void) =>
    (event: Event): void => {
      then((event as PageTransitionEvent).persisted);
    };
  const hide = (): void => {
    if (page.document?.visibilityState === 'hidden') onHide();
  };
  // `pagehide`, not `unload`: that would keep the page out of the back/forward cache.
  const listeners: readonly (readonly [string, (event: Event) => void])[] = [
    ['pagehide', persisted(onLeave)],
    ['pageshow', persisted(onShow)],
    ['visibilitychange', hide],
  ];
  for (const [name, listener] of listeners) page.addEventListener?.(name, listener);
  return () => {
    for (const [name, listener] of listeners) page.removeEventListener?.(name, listener);
  };
}
