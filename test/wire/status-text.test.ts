import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { statusText } from '../../src/wire/status-text.ts';

// Where Node keeps the words of an older standard.
const newer: Readonly<Record<string, string>> = {
  418: "I'm a Teapot",
};

// What is no answer yet, is for proxies, or isn't in the registry.
const neverSent: ReadonlySet<number> = new Set([100, 101, 102, 103, 305, 407, 509]);

describe('a reason phrase', () => {
  it('is what Node sends, for each status that an answer can have', () => {
    for (let status = 0; status < 1000; status++) {
      const phrase = neverSent.has(status) ? undefined : (newer[status] ?? STATUS_CODES[status]);

      expect(statusText(status), `of ${status}`).toBe(phrase ?? '');
    }
  });

  it('is empty for a status without one', () => {
    expect(statusText(299)).toBe('');
  });
});
