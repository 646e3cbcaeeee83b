import { createCarpool, type CarpoolOptions } from 'carpool';
import { pathOf, type Widget } from '../widgets.ts';
import type { Ask, Contender, Protocol } from './contender.ts';

function createAsk(options: CarpoolOptions): Ask {
  const { fetch } = createCarpool(options);
  return async (id) => {
    const response = await fetch(pathOf(id));
    return (await response.json()) as Widget;
  };
}

const toContender = (name: string, over: Protocol, options: CarpoolOptions): Contender => ({
  name,
  over,
  create: () => createAsk(options),
  isLasting: true,
});

const protocols = { h1: 'HTTP/1.1', h2: 'HTTP/2' } as const;

/** With its defaults; buffered by an endpoint that answers in one piece. */
export const carpools: readonly Contender[] = (['h1', 'h2'] as const).flatMap((over) => [
  toContender(`Carpool, ${protocols[over]}`, over, {}),
  toContender(`Carpool buffered, ${protocols[over]}`, over, { endpoint: '/batch/buffered' }),
]);

export const windows = ['microtask', 5, 10, 25, 50, 'auto'] as const;

/** The same with other windows, of which S5 finds out how they do. */
export const windowed: readonly Contender[] = (['h1', 'h2'] as const).flatMap((over) =>
  windows.map((window) =>
    toContender(
      `window ${window}${typeof window === 'number' ? ' ms' : ''}, ${protocols[over]}`,
      over,
      {
        window,
      },
    ),
  ),
);
