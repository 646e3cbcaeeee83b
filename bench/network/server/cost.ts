import { setTimeout as sleep } from 'node:timers/promises';
import { createWidget, type Widget } from '../widgets.ts';

/** What it costs to find a widget: the time that a database or a service behind would take. */
export interface Cost {
  readonly itemMs: number;
  /** One that takes longer. */
  readonly straggler?: { readonly id: number; readonly ms: number };
}

let cost: Cost = { itemMs: 0 };
const widgets = new Map<number, Widget>();

export function setCost(next: Cost): void {
  cost = next;
}

/** Finds a widget; every contender's server gets its data here. */
export async function findWidget(id: number): Promise<Widget> {
  const { itemMs, straggler } = cost;
  const ms = id === straggler?.id ? straggler.ms : itemMs;
  if (ms > 0) await sleep(ms);
  // Made once: what is measured is how it travels.
  const known = widgets.get(id) ?? createWidget(id);
  widgets.set(id, known);
  return known;
}
