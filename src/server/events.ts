/** What a batch handler reports while it answers; none of it is sent to the client. */
export type BatchServerEvent =
  ItemErrorEvent | ItemTimeoutEvent | CookiesDroppedEvent | BatchRefusedEvent;

/** An item was answered 500 or 502: dispatch threw, or its response can't be passed on. */
export interface ItemErrorEvent {
  readonly type: 'error';
  /** The same text as `correlationId` in the problem details that the client got. */
  readonly correlationId: string;
  /** The item's `id`; undefined when the handler itself failed, outside of any item. */
  readonly id: string | undefined;
  readonly method: string;
  readonly url: string;
  /** What was thrown, untouched. */
  readonly error: unknown;
}

/** An item took longer than `itemTimeout`: it was answered 504 and its signal aborted. */
export interface ItemTimeoutEvent {
  readonly type: 'timeout';
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly timeoutMs: number;
}

/** A streamed item set cookies: its head was long gone, so they were left out. */
export interface CookiesDroppedEvent {
  readonly type: 'cookies-dropped';
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** The cookies' names; values stay out of logs. */
  readonly names: readonly string[];
}

/** A whole batch was refused before any item ran. */
export interface BatchRefusedEvent {
  readonly type: 'refused';
  readonly status: number;
  readonly detail: string;
}

/** The default: failures and lost cookies go to the console, refusals are the client's affair. */
export function logToConsole(event: BatchServerEvent): void {
  if (event.type === 'error') {
    const where = event.id === undefined ? 'The batch' : `Item ${JSON.stringify(event.id)}`;
    console.error(
      `carpool: ${where} (${event.method} ${event.url}) failed, correlation id ${event.correlationId}:`,
      event.error,
    );
  } else if (event.type === 'cookies-dropped') {
    console.warn(
      `carpool: ${event.method} ${event.url} set ${event.names.join(', ')} in a streamed batch, where cookies can't be applied; route it past with a rule { batch: false }.`,
    );
  }
}

/** Keeps a throwing listener from disturbing the batch. */
export function toSafeListener<T>(listener: (told: T) => void, name: string): (told: T) => void {
  return (told) => {
    try {
      listener(told);
    } catch (error) {
      console.error(`carpool: ${name} threw:`, error);
    }
  };
}
