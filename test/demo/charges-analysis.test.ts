import { describe, expect, it } from 'vitest';
import {
  createAnalysis,
  recommend,
  type ChargeReport,
} from '../../demo/server/charges/analysis.ts';
import {
  capabilityOf,
  controlChart,
  summarize,
  trendOf,
} from '../../demo/server/charges/statistics.ts';
import { createChargeStore } from '../../demo/server/charges/store.ts';
import { aDemoServer } from '../support/a-demo-server.ts';
import { ann, patiently, reaches } from '../support/some-jobs.ts';

const id = 'C-101199';

const aServer = () => aDemoServer({ ANALYSIS_STEP_MS: 0 });

describe('the statistics', () => {
  it('summarize: mean, standard deviation of the sample, and extremes', () => {
    expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      count: 8,
      mean: 5,
      standardDeviation: 2.1381,
      min: 2,
      max: 9,
    });
  });

  it('capability: the width of the limits, and the distance to the nearer one', () => {
    expect(capabilityOf([9, 10, 11], 7, 16)).toEqual({ cp: 1.5, cpk: 1, outside: 0 });
    expect(capabilityOf([6, 10, 17], 7, 16).outside).toBe(2);
  });

  it('capability: readings that don’t vary have none', () => {
    expect(capabilityOf([5, 5, 5], 0, 10)).toEqual({ cp: null, cpk: null, outside: 0 });
  });

  it('the control chart: limits by moving ranges, and what is beyond them', () => {
    // Moving ranges are all 1, but for the jump: 9 of 1 and two of 20.
    const readings = [10, 11, 10, 11, 10, 31, 11, 10, 11, 10, 11, 10];

    const chart = controlChart(readings);

    expect(chart.centre).toBeCloseTo(146 / 12, 4);
    expect(chart.upper).toBeCloseTo(146 / 12 + (2.66 * (9 + 21 + 20)) / 11, 3);
    expect(chart.beyond).toEqual([5]);
  });

  it('the control chart: eight in a row on one side are a run, once', () => {
    const readings = [1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9];

    expect(controlChart(readings).runs).toEqual([0]);
    expect(controlChart([1, 9, 1, 9, 1, 9, 1, 9, 1, 9]).runs).toEqual([]);
  });

  it('the trend: a line fits a line, and nothing fits noise', () => {
    expect(trendOf([1, 3, 5, 7])).toEqual({ slope: 2, r2: 1 });
    expect(trendOf([5, 5, 5])).toEqual({ slope: 0, r2: 0 });
    expect(trendOf([1, -1, 1, -1, 1]).r2).toBe(0);
  });
});

describe('the recommendation', () => {
  const analysed = (readings: readonly number[], lower: number, upper: number) => ({
    name: 'pH',
    unit: '',
    lower,
    upper,
    summary: summarize(readings),
    capability: capabilityOf(readings, lower, upper),
    control: controlChart(readings),
    trend: trendOf(readings),
  });
  const steady = Array.from({ length: 20 }, (_, i) => 5 + (i % 2) * 0.2);

  it('is to release what gives no reason not to', () => {
    expect(recommend([analysed(steady, 0, 10)])).toEqual({
      recommendation: 'release',
      reasons: [],
    });
  });

  it.each([
    ['scatters', analysed(steady, 4.9, 5.3), 'Cpk'],
    [
      'drifts',
      analysed(
        Array.from({ length: 20 }, (_, i) => 5 + i / 100),
        0,
        10,
      ),
      'drifts',
    ],
    ['has one out of limits', analysed([...steady, 11], 0, 10), 'out of limits'],
  ])('is to hold what %s', (_, characteristic, reason) => {
    const { recommendation, reasons } = recommend([characteristic]);

    expect(recommendation).toBe('hold');
    expect(reasons.join()).toContain(reason);
  });

  it('is to reject what has a tenth out of limits', () => {
    expect(recommend([analysed([...steady, 11, 11, 11], 0, 10)]).recommendation).toBe('reject');
  });

  it('of the seeded charges differs', async () => {
    const store = createChargeStore(aServer().services.database);
    const analyse = createAnalysis(store, 0);
    const verdicts = new Set<string>();
    for (const charge of store.page({}, 200, null).charges) {
      const input = { chargeId: charge.id };
      const { signal } = new AbortController();
      const work = { id: '', user: ann, input, total: 0, attempt: 1, signal, report: () => {} };
      verdicts.add((JSON.parse(await analyse(work)) as ChargeReport).recommendation);
    }

    expect(verdicts).toEqual(new Set(['release', 'hold', 'reject']));
  });
});

describe('POST /api/charges/{id}/analysis', () => {
  it('is 202 with the job and where it is looked up', async () => {
    const response = await aServer().send('POST', `/api/charges/${id}/analysis`, {});

    const body = (await response.json()) as { id: string };
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/api/jobs/${body.id}`);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('preference-applied')).toBeNull();
    expect(body).toMatchObject({ name: 'analysis', state: 'queued', progress: 0, total: 13 });
  });

  it('says that Prefer: respond-async was applied', async () => {
    const response = await aServer().ask(`/api/charges/${id}/analysis`, {
      method: 'POST',
      headers: { prefer: 'respond-async' },
    });

    expect(response.status).toBe(202);
    expect(response.headers.get('preference-applied')).toBe('respond-async');
  });

  it.each([{}, { 'content-type': 'application/json' }])(
    'needs no body, with the fields %j',
    async (headers) => {
      const path = `/api/charges/${id}/analysis`;

      const response = await aServer().ask(path, { method: 'POST', headers });

      expect(response.status).toBe(202);
    },
  );

  it('gives the figures of each characteristic, worked out from the readings', async () => {
    const server = aServer();
    const { jobs, database } = server.services;

    const accepted = await server.send('POST', `/api/charges/${id}/analysis`, {});
    const { id: jobId } = (await accepted.json()) as { id: string };
    await reaches(jobs, jobId, 'succeeded');
    const job = (await (await server.ask(accepted.headers.get('location')!)).json()) as {
      result: ChargeReport;
    };

    const series = createChargeStore(database).seriesOf(id);
    expect(job).toMatchObject({ progress: 100, done: 13, total: 13 });
    expect(job.result.chargeId).toBe(id);
    expect(job.result.characteristics).toEqual(
      series.map(({ readings, ...rest }) => ({
        ...rest,
        summary: summarize(readings),
        capability: capabilityOf(readings, rest.lower, rest.upper),
        control: controlChart(readings),
        trend: trendOf(readings),
      })),
    );
    expect(['release', 'hold', 'reject']).toContain(job.result.recommendation);
  });

  it('reports each step', async () => {
    const server = aServer();
    const analyse = createAnalysis(createChargeStore(server.services.database), 0);
    const reports: [number, number][] = [];

    await analyse({
      id: '',
      user: ann,
      input: { chargeId: id, characteristics: ['pH'] },
      total: 0,
      attempt: 1,
      signal: new AbortController().signal,
      report: (done, total) => reports.push([done, total]),
    });

    expect(reports).toEqual([0, 1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  it('can be cancelled between two steps', async () => {
    const server = aDemoServer({ ANALYSIS_STEP_MS: 60_000 });
    const accepted = await server.send('POST', `/api/charges/${id}/analysis`, {});
    const location = accepted.headers.get('location')!;

    const response = await server.ask(location, { method: 'DELETE' });

    expect(response.status).toBe(200);
    await expect.poll(() => server.services.jobs.count(), patiently).toBe(0);
  });

  it('can be confined to some characteristics', async () => {
    const server = aServer();
    const response = await server.send('POST', `/api/charges/${id}/analysis`, {
      characteristics: ['pH'],
    });

    const { id: jobId } = (await response.json()) as { id: string };
    const { result } = await reaches(server.services.jobs, jobId, 'succeeded');
    expect((JSON.parse(result!) as ChargeReport).characteristics.map(({ name }) => name)).toEqual([
      'pH',
    ]);
  });

  it.each([
    ['one that wasn’t measured', { characteristics: ['pH', 'taste'] }, '#/characteristics/1'],
    ['none', { characteristics: [] }, '#/characteristics'],
    ['too many', { characteristics: Array.from({ length: 21 }, () => 'pH') }, '#/characteristics'],
    ['a member too many', { deep: true }, '#'],
  ])('with %s is 422, with the member named', async (_, body, pointer) => {
    const response = await aServer().send('POST', `/api/charges/${id}/analysis`, body);

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('is 404 for no charge and 403 for another’s', async () => {
    const server = aServer();
    const { database, jobs } = server.services;
    const [other] = createChargeStore(database).page({ owner: 'ann' }, 1, null).charges;
    const status = async (charge: string) =>
      (await server.send('POST', `/api/charges/${charge}/analysis`, {})).status;

    expect(await status('C-1')).toBe(404);
    expect(await status(other!.id)).toBe(403);
    expect((await jobs.listOf('demo')).jobs).toEqual([]);
  });

  it('with too many jobs is 429', async () => {
    const server = aDemoServer({ ANALYSIS_STEP_MS: 0, JOBS_PER_USER: 1 });
    await server.send('POST', `/api/charges/${id}/analysis`, {});

    const response = await server.send('POST', `/api/charges/${id}/analysis`, {});

    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).not.toBeNull();
  });

  it('with the same Idempotency-Key is one job', async () => {
    const server = aServer();
    const send = () =>
      server.send(
        'POST',
        `/api/charges/${id}/analysis`,
        {},
        {
          headers: { 'idempotency-key': '"k"' },
        },
      );

    const [first, again] = [await send(), await send()];

    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  });

  it('fails for a charge that is gone, and for one without measurements', async () => {
    const server = aServer();
    const { jobs, database } = server.services;
    const gone = await jobs.submit('analysis', { chargeId: 'C-1' }, ann);
    database.exec(`DELETE FROM charge_measurements WHERE charge = '${id}'`);
    const bare = await jobs.submit('analysis', { chargeId: id }, ann);

    expect(await reaches(jobs, gone.id, 'failed')).toMatchObject({ failure: { status: 404 } });
    expect(await reaches(jobs, bare.id, 'failed')).toMatchObject({ failure: { status: 409 } });
  });
});
