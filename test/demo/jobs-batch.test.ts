import { gzipSync } from 'node:zlib';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { findUser } from '../../demo/server/auth/users.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { patiently, reaches } from '../support/some-jobs.ts';

interface Accepted {
  readonly id: string;
  readonly state: string;
  readonly done: number;
  readonly total: number;
}

const get = (url: string, id = url) => ({ id, method: 'GET', url });

const later = (server: DemoServer, requests: readonly object[], init: RequestInit = {}) =>
  server.send('POST', '/batch', { requests }, { headers: { prefer: 'respond-async' }, ...init });

/** Sends a batch to be answered later, and waits until it has ended. */
async function ended(server: DemoServer, requests: readonly object[]): Promise<string> {
  const { id } = (await (await later(server, requests)).json()) as Accepted;
  await reaches(server.services.jobs, id, 'succeeded', 'failed', 'cancelled');
  return id;
}

describe('POST /batch with Prefer: respond-async', () => {
  it('is 202 with the Location of a job, and says that the preference was applied', async () => {
    const server = aDemoServer();

    const response = await later(server, [get('/api/widgets/1'), get('/api/widgets/2')]);

    const body = (await response.json()) as Accepted;
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/batch/jobs/${body.id}`);
    expect(response.headers.get('preference-applied')).toBe('respond-async');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ state: 'queued', done: 0, total: 2 });
  });

  it('gives the same answers as a batch that is answered at once', async () => {
    const server = aDemoServer();
    const requests = [get('/api/widgets/1'), get('/api/widgets/2'), get('/api/widgets/0')];
    const headers = { 'x-correlation-id': 'same' };
    const now = await server.send('POST', '/batch', { requests }, { headers });
    const atOnce = (await now.json()) as {
      responses: { id: string; status: number; body: unknown }[];
    };

    const accepted = await later(server, requests, {
      headers: { ...headers, prefer: 'respond-async' },
    });
    const { id } = (await accepted.json()) as Accepted;
    await reaches(server.services.jobs, id, 'succeeded');
    const response = await server.ask(`/batch/jobs/${id}`);

    const body = (await response.json()) as typeof atOnce & { stats: object };
    const pick = ({ responses }: typeof atOnce) =>
      new Map(responses.map((part) => [part.id, [part.status, part.body]]));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(pick(body)).toEqual(pick(atOnce));
    expect(body.stats).toMatchObject({ total: 3, succeeded: 2, failed: 1 });
  });

  it.each(['respond-async, wait=10', 'return=minimal, RESPOND-ASYNC', 'wait=5, respond-async;x=1'])(
    'the preference is found in "%s"',
    async (prefer) => {
      const response = await later(aDemoServer(), [get('/api/widgets/1')], { headers: { prefer } });

      expect(response.status).toBe(202);
    },
  );

  it.each(['return=minimal', 'respond-asynchronously', ''])(
    '"%s" is answered at once',
    async (prefer) => {
      const response = await later(aDemoServer(), [get('/api/widgets/1')], { headers: { prefer } });

      expect(response.status).toBe(200);
      expect(response.headers.get('preference-applied')).toBeNull();
    },
  );

  it('tells how many items are done, until all are', async () => {
    const server = aDemoServer();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    server.services.jobs.listen((id) => {
      void server.services.jobs.find(id).then((job) => {
        if (job?.done === 1) begin();
      });
    });
    const accepted = await later(server, [get('/api/widgets/1'), get('/api/widgets/2?delay=9999')]);
    const location = accepted.headers.get('location')!;
    await begun;

    const response = await server.ask(location);

    expect(response.status).toBe(202);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toEqual({ state: 'running', done: 1, total: 2 });
    await server.ask(location, { method: 'DELETE' });
  });

  it('runs in the name of who sent it, whose token is kept nowhere', async () => {
    const server = aDemoServer();
    const token = await server.tokenOf('ann');
    const { submit } = server.services.jobs;
    let kept = '';
    Object.assign(server.services.jobs, {
      submit: (...args: Parameters<typeof submit>) => {
        kept = JSON.stringify(args);
        return submit(...args);
      },
    });

    const response = await later(server, [get('/api/auth/me')], {
      headers: {
        prefer: 'respond-async',
        authorization: `Bearer ${token}`,
        cookie: `token=${token}`,
        'x-correlation-id': 'corr-1',
      },
      as: null,
    } as RequestInit);

    const { id } = (await response.json()) as Accepted;
    const job = await reaches(server.services.jobs, id, 'succeeded');
    expect(job.result).toContain('"id":"ann"');
    expect(job.result).toContain('"x-correlation-id":"corr-1"');
    expect(kept).toContain('/api/auth/me');
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(token.split('.')[2]);
  });

  it('has a token of its own while it runs, good for ten minutes', async () => {
    const server = aDemoServer();
    const { tokens } = server.services;
    const { issue } = tokens;
    const issued: string[] = [];
    Object.assign(tokens, {
      issue: async (...args: Parameters<typeof issue>) => {
        const token = await issue(...args);
        if (args.length > 1) issued.push(token);
        return token;
      },
    });

    await ended(server, [get('/api/auth/me')]);

    expect(issued).toHaveLength(1);
    const { sub, iat, exp } = decodeJwt(issued[0]!);
    expect(sub).toBe('demo');
    expect(exp! - iat!).toBe(600);
  });

  it('passes the endpoints’ JSON on as they wrote it', async () => {
    const server = aDemoServer();

    const id = await ended(server, [get('/api/widgets/1', 'a')]);

    const whole = await (await server.ask(`/batch/jobs/${id}`)).text();
    const widget = await (await server.ask('/api/widgets/1')).text();
    expect(whole).toContain(`"body":${widget}`);
  });

  it('can be compressed on its way here', async () => {
    const server = aDemoServer();
    const body = gzipSync(JSON.stringify({ requests: [get('/api/widgets/1', 'a')] }));

    const response = await server.ask('/batch', {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        prefer: 'respond-async',
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
    });

    const { id } = (await response.json()) as Accepted;
    expect(await reaches(server.services.jobs, id, 'succeeded')).toMatchObject({
      result: expect.stringContaining('"id":"a","status":200'),
    });
  });

  it.each([
    ['no JSON', '{', 'application/json', 400],
    ['an envelope without requests', '{}', 'application/json', 400],
    [
      'an id used twice',
      JSON.stringify({ requests: [get('/a', '1'), get('/b', '1')] }),
      'application/json',
      400,
    ],
    [
      'too many items',
      JSON.stringify({ requests: Array.from({ length: 101 }, (_, i) => get('/a', `${i}`)) }),
      'application/json',
      413,
    ],
    ['too many bytes', `{"requests":[],"x":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413],
    ['another media type', '{"requests":[]}', 'text/plain', 415],
  ])('%s is refused at once', async (_, body, type, status) => {
    const server = aDemoServer();

    const response = await server.ask('/batch', {
      method: 'POST',
      body,
      headers: { prefer: 'respond-async', 'content-type': type },
    });

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect((await server.services.jobs.listOf('demo')).jobs).toEqual([]);
  });

  it.each([
    [
      'an Authorization of its own',
      { ...get('/api/widgets/1'), headers: { Authorization: 'Bearer x' } },
      '#/requests/1/headers',
    ],
    ['a login', { id: 'b', method: 'POST', url: '/api/auth/login', body: {} }, '#/requests/1/url'],
    [
      'a login in disguise',
      { id: 'b', method: 'POST', url: '/api/x/../auth/%6Cogin', body: {} },
      '#/requests/1/url',
    ],
  ])('an item with %s is refused: what is kept would hold a secret', async (_, item, pointer) => {
    const response = await later(aDemoServer(), [get('/api/widgets/2'), item]);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer }] });
  });

  it('a batch as an item of a batch is refused as ever', async () => {
    const response = await aDemoServer().send(
      'POST',
      '/batch',
      { requests: [] },
      { headers: { prefer: 'respond-async', 'carpool-item': '1' } },
    );

    expect(response.status).toBe(400);
  });

  it('counts as a batch against the limit, and its items as items', async () => {
    const server = aDemoServer({ BATCH_LIMIT: 2, ITEM_LIMIT: 3 });
    const items = [1, 2, 3, 4].map((id) => get(`/api/widgets/${id}`));

    const id = await ended(server, items);
    const second = await later(server, [get('/api/widgets/1')]);
    const third = await later(server, [get('/api/widgets/1')]);

    const job = await server.services.jobs.find(id);
    expect(JSON.parse(job!.result!)).toMatchObject({ stats: { succeeded: 3, failed: 1 } });
    expect([second.status, third.status]).toEqual([202, 429]);
  });

  it('a user with too many jobs is 429, told when to try again', async () => {
    const server = aDemoServer({ JOBS_PER_USER: 1 });
    await ended(server, [get('/api/widgets/1')]);

    const response = await later(server, [get('/api/widgets/1')]);

    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect(await response.json()).toMatchObject({ title: 'Too many jobs' });
  });

  it('needs a user', async () => {
    const response = await later(aDemoServer(), [], { as: null } as RequestInit);

    expect(response.status).toBe(401);
  });
});

describe('a batch that is begun a second time', () => {
  const aBatch = (item: object) => ({
    url: 'http://localhost:8787/batch',
    headers: {},
    body: JSON.stringify({ requests: [item] }),
  });

  /** Runs a batch whose first attempt fails after its items were done. */
  async function interrupted(item: object, unrepeatable: number | null) {
    const server = aDemoServer({ JOB_BACKOFF_MS: 0 });
    const { jobs, tokens, database } = server.services;
    const { issue } = tokens;
    let failures = 1;
    Object.assign(tokens, {
      issue: (...args: Parameters<typeof issue>) => {
        if (failures-- > 0) throw new Error('the process is gone');
        return issue(...args);
      },
    });
    const input = { ...aBatch(item), unrepeatable };
    const { id } = await jobs.submit('batch', input, findUser(database, 'demo')!, 1);
    return reaches(jobs, id, 'succeeded', 'failed');
  }

  it('runs again if it only reads, or writes with an Idempotency-Key', async () => {
    const job = await interrupted(get('/api/widgets/1'), null);

    expect(job).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  it('doesn’t run again if a write could happen twice, and says which', async () => {
    const job = await interrupted({ id: 'a', method: 'POST', url: '/api/notes' }, 0);

    expect(job).toMatchObject({
      state: 'failed',
      failure: { title: 'Interrupted', detail: expect.stringContaining('#/requests/0') },
    });
  });

  it.each([
    [[get('/a'), { id: 'w', method: 'POST', url: '/b' }], 1],
    [[{ id: 'w', method: 'delete', url: '/b', headers: { 'Idempotency-Key': '"k"' } }], null],
    [[get('/a')], null],
  ])('what can’t be repeated is noted: %j', async (requests, unrepeatable) => {
    const server = aDemoServer();
    const { submit } = server.services.jobs;
    let kept: unknown;
    Object.assign(server.services.jobs, {
      submit: (...args: Parameters<typeof submit>) => {
        [, kept] = args;
        return submit(...args);
      },
    });

    await later(server, requests);

    expect(kept).toMatchObject({ unrepeatable });
  });
});

describe('/batch/jobs/{id}', () => {
  it('streams progress to who accepts events, and the batch’s answer at the end', async () => {
    const server = aDemoServer();
    const accepted = await later(server, [get('/api/widgets/1'), get('/api/widgets/2')]);
    const location = accepted.headers.get('location')!;

    const response = await server.ask(location, { headers: { accept: 'text/event-stream' } });
    const text = await response.text();

    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const [last] = text.trim().split('\n\n').reverse();
    expect(last).toMatch(/^event: succeeded\nid: end\ndata: /);
    expect(JSON.parse(/data: (.*)$/.exec(last!)![1]!)).toMatchObject({ stats: { total: 2 } });
    const again = await server.ask(location, {
      headers: { accept: 'text/event-stream', 'last-event-id': 'end' },
    });
    expect(again.status).toBe(204);
  });

  it('DELETE cancels it with its items; then it is 410', async () => {
    const server = aDemoServer();
    const accepted = await later(server, [get('/api/widgets/1?delay=10000')]);
    const location = accepted.headers.get('location')!;
    const { id } = (await accepted.clone().json()) as Accepted;
    await reaches(server.services.jobs, id, 'running');

    const response = await server.ask(location, { method: 'DELETE' });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ state: 'cancelled' });
    // The widget has heard that nobody waits for it any more.
    await expect
      .poll(() => server.lines.find((line) => line['status'] === 499), patiently)
      .toMatchObject({ route: '/api/widgets/:id' });
    const gone = await server.ask(location);
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ title: 'Cancelled' });
  });

  it('that it was cancelled, and by whom, is on record', async () => {
    const server = aDemoServer();
    const accepted = await later(server, [get('/api/widgets/1?delay=10000')]);
    const location = accepted.headers.get('location')!;

    await server.ask(location, { method: 'DELETE', as: 'admin' });

    const audit = await server.ask('/api/audit', { as: 'admin' });
    expect(await audit.json()).toMatchObject({
      writes: [{ user: 'admin', method: 'DELETE', path: location, status: 200 }],
    });
  });

  it('of a failed batch is its problem', async () => {
    const server = aDemoServer();
    const { jobs, database } = server.services;
    const input = {
      url: 'http://localhost:8787/batch',
      headers: {},
      body: '{',
      unrepeatable: null,
    };
    const { id } = await jobs.submit('batch', input, findUser(database, 'demo')!);
    await reaches(jobs, id, 'failed');

    const response = await server.ask(`/batch/jobs/${id}`);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it('is 401 for nobody, 403 for another’s, 404 for none and for other kinds of jobs', async () => {
    const server = aDemoServer();
    const id = await ended(server, [get('/api/widgets/1')]);
    server.services.jobs.handle('other', async () => '1');
    const other = await server.services.jobs.submit(
      'other',
      null,
      findUser(server.services.database, 'demo')!,
    );

    const status = async (path: string, as: string | null) =>
      (await server.ask(path, { as })).status;

    expect(await status(`/batch/jobs/${id}`, null)).toBe(401);
    expect(await status(`/batch/jobs/${id}`, 'ann')).toBe(403);
    expect(await status(`/batch/jobs/${id}`, 'admin')).toBe(200);
    expect(await status('/batch/jobs/none', 'demo')).toBe(404);
    expect(await status(`/batch/jobs/${other.id}`, 'demo')).toBe(404);
    expect(await status(`/api/jobs/${id}`, 'demo')).toBe(200);
  });
});
