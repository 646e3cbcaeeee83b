/** A browser with the page open in it. */
export interface Engine {
  /** With its version. */
  name: string;
  close: () => Promise<void>;
}

/** Opens the page; undefined where the engine isn't installed. */
export type Open = (url: string) => Promise<Engine | undefined>;
