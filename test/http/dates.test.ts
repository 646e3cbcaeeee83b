import { afterEach, describe, expect, it, vi } from 'vitest';
import * as fc from 'fast-check';
import { parseHttpDate } from '../../src/http/dates.ts';

const moment = Date.UTC(1994, 10, 6, 8, 49, 37);

afterEach(() => {
  vi.useRealTimers();
});

describe('an HTTP-date', () => {
  it.each([
    ['IMF-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
    ['RFC 850', 'Sunday, 06-Nov-94 08:49:37 GMT'],
    ['asctime', 'Sun Nov  6 08:49:37 1994'],
  ])('may be in the form %s', (_, text) => {
    expect(parseHttpDate(text)).toBe(moment);
  });

  it('in asctime’s form is in UTC, wherever the page is, and may have a day of two digits', () => {
    expect(parseHttpDate('Wed Nov 16 08:49:37 1994')).toBe(Date.UTC(1994, 10, 16, 8, 49, 37));
  });

  it.each([
    'sun, 06 nov 1994 08:49:37 gmt',
    'SUNDAY, 06-NOV-94 08:49:37 GMT',
    'SUN NOV  6 08:49:37 1994',
  ])('is read in any case: %s', (text) => {
    expect(parseHttpDate(text)).toBe(moment);
  });

  it('is not doubted for the name of its day', () => {
    expect(parseHttpDate('Mon, 06 Nov 1994 08:49:37 GMT')).toBe(moment);
  });

  it('is what the platform writes, to the second', () => {
    const latest = Date.UTC(9999, 11, 31, 23, 59, 59);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: latest / 1000 }), (seconds) => {
        expect(parseHttpDate(new Date(seconds * 1000).toUTCString())).toBe(seconds * 1000);
      }),
    );
  });
});

describe('a year of two digits', () => {
  it.each([
    ['25', 2025],
    ['26', 2026],
    ['75', 2075],
    ['77', 1977],
    ['94', 1994],
    ['00', 2000],
  ])('%s means %i in 2026: it is never more than fifty years ahead', (year, expected) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 15, 12) });

    const date = parseHttpDate(`Sunday, 06-Nov-${year} 08:49:37 GMT`);

    expect(new Date(date).getUTCFullYear()).toBe(expected);
  });

  it.each([
    ['15-Jan-76 11:59:59', 2076],
    ['15-Jan-76 12:00:01', 1976],
  ])('is judged to the second: %s means %i', (text, expected) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 15, 12) });

    expect(new Date(parseHttpDate(`Thursday, ${text} GMT`)).getUTCFullYear()).toBe(expected);
  });
});

describe('what is no HTTP-date', () => {
  it.each([
    ['nothing', ''],
    ['a zero', '0'],
    ['a number', '-1'],
    ['an ISO date', '1994-11-06T08:49:37Z'],
    ['a date without a zone', 'Sun, 06 Nov 1994 08:49:37'],
    ['another zone', 'Sun, 06 Nov 1994 08:49:37 EST'],
    ['UTC by its other name', 'Sun, 06 Nov 1994 08:49:37 UTC'],
    ['an offset', 'Sun, 06 Nov 1994 08:49:37 +0000'],
    ['no name of a day', '06 Nov 1994 08:49:37 GMT'],
    ['a day of one digit', 'Sun, 6 Nov 1994 08:49:37 GMT'],
    ['a full name of a month', 'Sun, 06 November 1994 08:49:37 GMT'],
    ['no seconds', 'Sun, 06 Nov 1994 08:49 GMT'],
    ['an hour of one digit', 'Sun, 06 Nov 1994 8:49:37 GMT'],
    ['an hour that is none', 'Sun, 06 Nov 1994 25:49:37 GMT'],
    ['a month that is none', 'Sun, 06 Nob 1994 08:49:37 GMT'],
    ['two dates', 'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT'],
    ['something after it', 'Sun, 06 Nov 1994 08:49:37 GMT;x'],
    ['a comma too few', 'Sun 06 Nov 1994 08:49:37 GMT'],
    ['asctime with a zone', 'Sun Nov  6 08:49:37 1994 GMT'],
    ['asctime with one space', 'Sun Nov 6 08:49:37 1994'],
    ['RFC 850 with a year of four digits', 'Sunday, 06-Nov-1994 08:49:37 GMT'],
  ])('is NaN: %s', (_, text) => {
    expect(parseHttpDate(text)).toBeNaN();
  });

  it('is NaN whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseHttpDate(text)).toBeNaN();
      }),
    );
  });
});
