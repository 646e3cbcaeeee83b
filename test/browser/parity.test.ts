import { describe, expect, test } from 'vitest';
import { aborts } from './parity/cases/aborts.ts';
import { badInput } from './parity/cases/bad-input.ts';
import { bodyCases } from './parity/cases/bodies.ts';
import { crossOrigin } from './parity/cases/cross-origin.ts';
import { credentials } from './parity/cases/credentials.ts';
import { headers } from './parity/cases/headers.ts';
import { inits } from './parity/cases/inits.ts';
import { methods } from './parity/cases/methods.ts';
import { network } from './parity/cases/network.ts';
import { redirects } from './parity/cases/redirects.ts';
import { requestBodies } from './parity/cases/request-bodies.ts';
import { requestHeaders } from './parity/cases/request-headers.ts';
import { requestObjects } from './parity/cases/request-objects.ts';
import { responses } from './parity/cases/responses.ts';
import { statuses } from './parity/cases/statuses.ts';
import { urls } from './parity/cases/urls.ts';
import { differences } from './parity/differences.ts';
import type { ParityCase } from './parity/parity-case.ts';
import { runCase, ways } from './parity/run-case.ts';

const table = {
  'answers, by status': statuses,
  'response headers': headers,
  'response bodies': bodyCases,
  responses,
  methods,
  'request headers': requestHeaders,
  'request bodies': requestBodies,
  'Request objects': requestObjects,
  init: inits,
  credentials,
  URLs: urls,
  redirects,
  aborts,
  network,
  'listed origins': crossOrigin,
  'bad input': badInput,
};

describe.each(ways)('$name', (way) => {
  // What doesn't ride is the same in any company.
  const isOfInterest = ({ road = 'rides' }: ParityCase): boolean =>
    road === 'rides' || way.takesAllRoads;

  describe.each(Object.entries<readonly ParityCase[]>(table))('%s', (_, cases) => {
    test.each(cases.filter(isOfInterest))('$name', (parityCase) => runCase(parityCase, way));
  });
});

test('every known difference is some case’s', () => {
  const found = Object.values<readonly ParityCase[]>(table).flatMap((cases) =>
    cases.flatMap(({ differs }) => differs?.by ?? []),
  );

  expect(new Set(found)).toEqual(new Set(Object.keys(differences)));
});

test('no case has the name of another', () => {
  const names = Object.values(table).flatMap((cases) => cases.map(({ name }) => name));

  expect(names).toHaveLength(new Set(names).size);
});
