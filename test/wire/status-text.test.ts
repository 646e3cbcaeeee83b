import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { statusText } from '../../src/wire/status-text.ts';

// Where Node keeps the words of an older standard.
const newer: Readonly<Record<string, string>> = {
  418: "I'm a Teapot",
};

describe('a reason phrase', () => {
  it('is what Node sends, for each status that has one here', () => {
    const known = Object.entries(STATUS_CODES).filter(([status]) => statusText(Number(status)));

    expect(known.length).toBeGreaterThan(40);
    for (const [status, phrase] of known) {
      expect(statusText(Number(status))).toBe(newer[status] ?? phrase);
    }
  });

  it('is empty for a status without one', () => {
    expect(statusText(299)).toBe('');
  });
});
