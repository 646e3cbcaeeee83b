import { describe, expect, it } from 'vitest';
import { createLink } from '../../scripts/proxy/link.ts';

describe('createLink', () => {
  it('without a rate everything is sent at once', () => {
    const link = createLink(null, () => 7);

    expect(link.sent(1_000_000)).toBe(7);
  });

  it('takes as long as the rate says', () => {
    const link = createLink(8000, () => 100);

    expect(link.sent(250)).toBe(350);
  });

  it('what comes while it is busy waits for its turn', () => {
    let now = 0;
    const link = createLink(8000, () => now);

    expect(link.sent(100)).toBe(100);
    now = 40;
    expect(link.sent(100)).toBe(200);
  });

  it('saves nothing up while it is idle', () => {
    let now = 0;
    const link = createLink(8000, () => now);

    link.sent(100);
    now = 500;

    expect(link.sent(100)).toBe(600);
  });
});
