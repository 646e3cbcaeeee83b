/** The page's own `fetch`, whatever a test installs over it. */
export const nativeFetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis);

const control = (path: string): Promise<Response> => nativeFetch(`/t/control/${path}`);

/** A point in an endpoint where a call waits until it is opened. */
export interface Gate {
  /** Answers when the gate is open. */
  readonly url: string;
  /** Sends half of its body at once, the other half when the gate is open. */
  readonly dripUrl: string;
  /** Resolves when a call has come to the gate. */
  readonly arrived: () => Promise<unknown>;
  readonly open: () => Promise<unknown>;
  /** Resolves when the server has seen a waiting call's client go. */
  readonly gone: () => Promise<unknown>;
}

export function createGate(): Gate {
  const id = crypto.randomUUID();
  return {
    url: `/t/gate/${id}`,
    dripUrl: `/t/drip/${id}`,
    arrived: () => control(`gates/${id}/arrived`),
    open: () => control(`gates/${id}/open`),
    gone: () => control(`gates/${id}/gone`),
  };
}

/** A batch endpoint of a test's own. */
export interface BatchEndpoint {
  readonly endpoint: string;
  /** What the server saw there. */
  readonly seen: () => Promise<{ batches: number; items: number; mostOpen: number }>;
}

export function createBatchEndpoint(kind: 'streamed' | 'buffered' = 'streamed'): BatchEndpoint {
  const id = crypto.randomUUID();
  return {
    endpoint: `/t/batch/${id}${kind === 'buffered' ? '/buffered' : ''}`,
    seen: async () => (await control(`rides/${id}`)).json() as ReturnType<BatchEndpoint['seen']>,
  };
}

/** What a case has around it, anew for each way that it is run. */
export interface Stage {
  /** Creates a gate that is opened, at the latest, when the case is over. */
  readonly gate: () => Gate;
  /** Puts an element into the page until the case is over. */
  readonly put: (element: HTMLElement) => void;
}

/** Runs `play` on a stage and clears it away. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const gates: Gate[] = [];
  const elements: HTMLElement[] = [];
  try {
    return await play({
      gate: () => {
        const gate = createGate();
        gates.push(gate);
        return gate;
      },
      put: (element) => {
        elements.push(element);
        document.head.prepend(element);
      },
    });
  } finally {
    for (const element of elements) element.remove();
    await Promise.all(gates.map((gate) => gate.open()));
  }
}
