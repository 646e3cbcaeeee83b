import { pathOf, type Widget } from '../widgets.ts';
import type { Ask, Contender } from './contender.ts';

const ask: Ask = async (id) => {
  const response = await fetch(pathOf(id));
  return (await response.json()) as Widget;
};

/** Each call on its own, all at once: over HTTP/1.1, by six connections. */
export const natives: readonly Contender[] = [
  { name: 'native fetch, HTTP/1.1', over: 'h1', create: () => ask },
  { name: 'native fetch, HTTP/2', over: 'h2', create: () => ask },
];

/** Each call after the one before. */
export const sequential: Contender = {
  name: 'sequential fetch',
  over: 'h1',
  create() {
    let last: Promise<unknown> = Promise.resolve();
    return (id) => {
      const widget = last.then(() => ask(id));
      last = widget;
      return widget;
    };
  },
};
