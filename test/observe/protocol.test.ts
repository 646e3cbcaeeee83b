import { afterEach, expect, it, vi } from 'vitest';
import { protocolOf } from '../../src/observe/protocol.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const url = 'https://app.test/batch';

it('is that of the last time a URL was reached', () => {
  const entries = vi
    .spyOn(performance, 'getEntriesByName')
    .mockReturnValue([
      { nextHopProtocol: 'http/1.1' },
      { nextHopProtocol: 'h2' },
    ] as unknown as PerformanceEntry[]);

  expect(protocolOf(url)).toBe('h2');
  expect(entries).toHaveBeenCalledWith(url, 'resource');
});

it.each([[[]], [[{}]], [[{ nextHopProtocol: '' }]]])(
  'is empty where nobody knows: %j',
  (entries) => {
    vi.spyOn(performance, 'getEntriesByName').mockReturnValue(
      entries as unknown as PerformanceEntry[],
    );

    expect(protocolOf(url)).toBe('');
  },
);
