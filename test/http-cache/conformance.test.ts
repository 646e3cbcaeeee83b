import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Case, Road } from './case.ts';
import { age } from './cases/age.ts';
import { choosing } from './cases/choosing.ts';
import { expires } from './cases/expires.ts';
import { fetchModes } from './cases/fetch-modes.ts';
import { freshening } from './cases/freshening.ts';
import { freshness } from './cases/freshness.ts';
import { invalidation } from './cases/invalidation.ts';
import { methods } from './cases/methods.ts';
import { ownConditions } from './cases/own-conditions.ts';
import { redirects } from './cases/redirects.ts';
import { requestDirectives } from './cases/request-directives.ts';
import { stale } from './cases/stale.ts';
import { statuses } from './cases/statuses.ts';
import { storing } from './cases/storing.ts';
import { validation } from './cases/validation.ts';
import { vary } from './cases/vary.ts';
import { play } from './play.ts';

const table: Case[] = [
  storing,
  statuses,
  methods,
  freshness,
  expires,
  age,
  vary,
  choosing,
  validation,
  freshening,
  ownConditions,
  invalidation,
  requestDirectives,
  stale,
  redirects,
  fetchModes,
].flat();

const roads: Road[] = ['batch', 'native'];
const required = table.filter((row) => row.required);
const optional = table.filter((row) => !row.required);

const played = new Map<Road, Map<Case, boolean>>(roads.map((road) => [road, new Map()]));

const kept = (rows: readonly Case[], road: Road): number =>
  rows.filter((row) => played.get(road)!.get(row)).length;

// West of Greenwich, so that a date that is taken for local time is one that is taken wrongly.
beforeAll(() => {
  vi.stubEnv('TZ', 'America/New_York');
});
afterAll(() => {
  vi.unstubAllEnvs();
});

describe.each(roads)('the cache, on the road of calls that go by %s', (road) => {
  it.each(table.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    played.get(road)!.set(row, false);
    await play(row, road);
    played.get(road)!.set(row, true);
  });
});

describe('the table', () => {
  it('has at least 100 cases, no two of one name, each with its section', () => {
    const names = table.map(({ name }) => name);

    expect(names.length).toBeGreaterThanOrEqual(100);
    expect(new Set(names).size).toBe(names.length);
    expect(
      names.filter((name) => !/^(?:91(?:10|11) [\d.]+|5861 [\d.]+|Fetch, [\w-]+.*): \S/.test(name)),
    ).toEqual([]);
  });

  it('is played far from Greenwich', () => {
    expect(new Date(2026, 0, 15).getTimezoneOffset()).toBe(300);
  });

  it('has no required case that fails', () => {
    const lines = roads.map((road) =>
      [
        road.padEnd(8),
        `required ${String(kept(required, road))} of ${String(required.length)}`,
        `optional ${String(kept(optional, road))} of ${String(optional.length)}`,
      ].join('   '),
    );
    console.log(['RFC 9111, 9110 and 5861', ...lines].join('\n'));

    const failed = roads.flatMap((road) =>
      required.filter((row) => !played.get(road)!.get(row)).map(({ name }) => `${road}: ${name}`),
    );
    expect(failed).toEqual([]);
  });
});
