import { createGate, type Gate } from '../support/gate.ts';

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
