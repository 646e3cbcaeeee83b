import { afterEach, describe, expect, it, vi } from 'vitest';
import { streamJob } from '../../demo/server/jobs/events.ts';
import { JobError } from '../../demo/server/platform/jobs/job.ts';
import { findUser } from '../../demo/server/auth/users.ts';
import { aDemoServer, type DemoServer } from '../support/a-demo-server.ts';
import { patiently, reaches } from '../support/some-jobs.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A server with jobs named `gated`, which go on when the test says so, and `quick`, which end at once. */
function aServer(config: Parameters<typeof aDemoServer>[0] = {}) {
  const server = aDemoServer({ JOB_BACKOFF_MS: 0, ...config });
  const { jobs, database } = server.services;
  const gate = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<(done: number, total: number) => void>();
  jobs.handle('gated', ({ signal, report }) => {
    begun.resolve(report);
    signal.addEventListener('abort', () => gate.reject(signal.reason));
    return gate.promise;
  });
  jobs.handle('quick', async ({ input }) => JSON.stringify(input));
  jobs.handle('hopeless', async () => {
    throw new JobError({ status: 409, title: 'No data', detail: 'There is nothing here.' });
  });
  return {
    ...server,
    jobs,
    open: (result = 'null') => gate.resolve(result),
    begun: begun.promise,
    submit: (name: string, user = 'demo', input: unknown = null) =>
      jobs.submit(name, input, findUser(database, user)!),
  };
}

async function problemOf(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return response.json();
}

/** The events of a stream, read to its end. */
async function eventsOf(response: Response): Promise<{ event: string; data: unknown }[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)![1]!,
      data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as unknown,
    }));
}

const cancel = (server: DemoServer, id: string, as = 'demo') =>
  server.ask(`/api/jobs/${id}`, { method: 'DELETE', as });

describe('GET /api/jobs/{id}', () => {
  it('a queued or running job tells its progress, and when to ask again', async () => {
    const server = aServer();
    const { id } = await server.submit('gated');
    (await server.begun)(5, 12);

    const response = await server.ask(`/api/jobs/${id}`);

    expect(response.status).toBe(200);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as object;
    expect(body).toMatchObject({
      id,
      name: 'gated',
      state: 'running',
      progress: 41,
      done: 5,
      total: 12,
      attempts: 1,
      finishedAt: null,
      expiresAt: null,
    });
    expect(body).not.toHaveProperty('result');
    server.open();
  });

  it('a succeeded one has its result, and is kept for an hour', async () => {
    const server = aServer();
    const { id } = await server.submit('quick', 'demo', { a: 1 });
    await reaches(server.jobs, id, 'succeeded');

    const response = await server.ask(`/api/jobs/${id}`);

    const body = (await response.json()) as { finishedAt: string; expiresAt: string };
    expect(response.headers.get('retry-after')).toBeNull();
    expect(body).toMatchObject({ state: 'succeeded', progress: 100, result: { a: 1 } });
    expect(Date.parse(body.expiresAt) - Date.parse(body.finishedAt)).toBe(3_600_000);
  });

  it('a failed one has its problem', async () => {
    const server = aServer();
    const { id } = await server.submit('hopeless');
    await reaches(server.jobs, id, 'failed');

    const body = await (await server.ask(`/api/jobs/${id}`)).json();

    expect(body).toMatchObject({
      state: 'failed',
      problem: { type: 'about:blank', status: 409, title: 'No data' },
    });
  });

  it('one that fails in passing is tried again three times, and then has failed', async () => {
    const server = aServer();
    server.jobs.handle('flaky', async () => {
      throw new Error('this time');
    });
    const { id } = await server.submit('flaky');
    await reaches(server.jobs, id, 'failed');

    const body = await (await server.ask(`/api/jobs/${id}`)).json();

    expect(body).toMatchObject({ state: 'failed', attempts: 4, problem: { status: 500 } });
    expect(JSON.stringify(body)).not.toContain('this time');
  });

  it('is forgotten an hour after its end', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const server = aServer();
    const { id } = await server.submit('quick');
    await reaches(server.jobs, id, 'succeeded');

    vi.advanceTimersByTime(3_599_999);
    const before = await server.ask(`/api/jobs/${id}`);
    vi.advanceTimersByTime(1);
    const after = await server.ask(`/api/jobs/${id}`);

    expect([before.status, after.status]).toEqual([200, 404]);
  });

  it('is 404 where there is none, and says for how long they are kept', async () => {
    const response = await aServer().ask('/api/jobs/none');

    expect(response.status).toBe(404);
    expect(await problemOf(response)).toMatchObject({
      detail: expect.stringMatching(/no job 'none'.*3600 s/),
    });
  });

  it('is 403 for another’s, and there for an administrator', async () => {
    const server = aServer();
    const { id } = await server.submit('gated', 'ann');

    const other = await server.ask(`/api/jobs/${id}`, { as: 'bob' });
    const admin = await server.ask(`/api/jobs/${id}`, { as: 'admin' });

    expect(other.status).toBe(403);
    expect(await problemOf(other)).toMatchObject({ title: 'Not yours' });
    expect(admin.status).toBe(200);
    server.open();
  });

  it('is 401 for nobody', async () => {
    expect((await aServer().ask('/api/jobs/x', { as: null })).status).toBe(401);
  });
});

describe('GET /api/jobs', () => {
  it('has one’s own, the latest first, without results', async () => {
    const server = aServer();
    const first = await server.submit('quick', 'demo', 'large');
    await reaches(server.jobs, first.id, 'succeeded');
    await server.submit('quick', 'ann');
    const last = await server.submit('gated');

    const response = await server.ask('/api/jobs');

    const body = (await response.json()) as { jobs: { id: string }[]; isPartial: boolean };
    expect(body.jobs.map(({ id }) => id)).toEqual([last.id, first.id]);
    expect(body.jobs[1]).not.toHaveProperty('result');
    expect(body.isPartial).toBe(false);
    server.open();
  });

  it('can be narrowed to a state and a name, and cut', async () => {
    const server = aServer();
    const quick = await server.submit('quick');
    await reaches(server.jobs, quick.id, 'succeeded');
    const gated = await server.submit('gated');
    await server.begun;
    const ids = async (query: string) => {
      const { jobs } = (await (await server.ask(`/api/jobs?${query}`)).json()) as {
        jobs: { id: string }[];
      };
      return jobs.map(({ id }) => id);
    };

    expect(await ids('state=succeeded')).toEqual([quick.id]);
    expect(await ids('state=running')).toEqual([gated.id]);
    expect(await ids('name=gated')).toEqual([gated.id]);
    expect(await ids('limit=1')).toEqual([gated.id]);
    server.open();
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'state=lost', 'name='])(
    '?%s is 400 with the parameter named',
    async (query) => {
      const response = await aServer().ask(`/api/jobs?${query}`);

      expect(response.status).toBe(400);
      const pointer = `#/${query.split('=')[0]}`;
      expect(await problemOf(response)).toMatchObject({ errors: [{ pointer }] });
    },
  );
});

describe('DELETE /api/jobs/{id}', () => {
  it('cancels a running job', async () => {
    const server = aServer();
    const { id } = await server.submit('gated');
    await server.begun;

    const response = await cancel(server, id);

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id, state: 'cancelled' });
    expect((await cancel(server, id)).status).toBe(200);
  });

  it('is 409 once it has ended otherwise', async () => {
    const server = aServer();
    const { id } = await server.submit('quick');
    await reaches(server.jobs, id, 'succeeded');

    const response = await cancel(server, id);

    expect(response.status).toBe(409);
    expect(await problemOf(response)).toMatchObject({
      detail: expect.stringContaining('has succeeded'),
    });
  });

  it('is 403 for another’s and 404 for none', async () => {
    const server = aServer();
    const { id } = await server.submit('gated', 'ann');

    expect((await cancel(server, id, 'bob')).status).toBe(403);
    expect((await cancel(server, 'none')).status).toBe(404);
    expect(await server.jobs.find(id)).not.toMatchObject({ state: 'cancelled' });
    server.open();
  });
});

describe('GET /api/jobs/{id}/events', () => {
  it('tells progress, then the end with the result, and ends', async () => {
    const server = aServer();
    const { id } = await server.submit('gated');
    const report = await server.begun;

    const response = await server.ask(`/api/jobs/${id}/events`);
    report(1, 4);
    await reaches(server.jobs, id, 'running');
    server.open('{"sum":3}');
    const events = await eventsOf(response);

    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(events[0]).toMatchObject({ event: 'progress', data: { id, state: 'running' } });
    expect(events.at(-1)).toMatchObject({
      event: 'succeeded',
      data: { state: 'succeeded', progress: 100, result: { sum: 3 } },
    });
  });

  it('of a job that has ended tells just that; who has heard it is told not to come back', async () => {
    const server = aServer();
    const { id } = await server.submit('hopeless');
    await reaches(server.jobs, id, 'failed');

    const first = await server.ask(`/api/jobs/${id}/events`);
    const text = await first.text();
    const again = await server.ask(`/api/jobs/${id}/events`, {
      headers: { 'last-event-id': 'end' },
    });

    expect(text).toMatch(/^event: failed\nid: end\ndata: \{.*\}\n\n$/);
    expect(again.status).toBe(204);
  });

  it('of a cancelled job ends with that', async () => {
    const server = aServer();
    const { id } = await server.submit('gated');
    await server.begun;
    const response = await server.ask(`/api/jobs/${id}/events`);

    await cancel(server, id);

    expect((await eventsOf(response)).at(-1)).toMatchObject({ event: 'cancelled' });
  });

  it('stops listening when the client goes', async () => {
    const server = aServer();
    const stopped = vi.fn<() => void>();
    const { listen } = server.jobs;
    const { id } = await server.submit('gated');
    const jobs = {
      find: server.jobs.find,
      listen: (listener: (id: string) => void) => {
        const stop = listen(listener);
        return () => {
          stopped();
          stop();
        };
      },
    };
    const client = new AbortController();
    const cancelled = streamJob(jobs, id, () => '{}', new AbortController().signal);
    const aborted = streamJob(jobs, id, () => '{}', client.signal);

    await cancelled.cancel();
    expect(stopped).toHaveBeenCalledTimes(1);
    client.abort();
    expect(stopped).toHaveBeenCalledTimes(2);
    await new Response(aborted).text();
    server.open();
  });

  it('shows that it lives every 15 s, and no longer than it is read', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const server = aServer();
    const { id } = await server.submit('gated');
    const response = await server.ask(`/api/jobs/${id}/events`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('event: progress');

    vi.advanceTimersByTime(15_000);
    expect((await reader.read()).value).toBe(': still here\n\n');
    await reader.cancel();

    await expect.poll(() => vi.getTimerCount(), patiently).toBe(0);
    server.open();
  });

  it('is refused as an item of a batch', async () => {
    const server = aServer();
    const { id } = await server.submit('gated');

    const response = await server.send('POST', '/batch', {
      requests: [{ id: 'a', method: 'GET', url: `/api/jobs/${id}/events` }],
    });

    expect(await response.json()).toMatchObject({
      responses: [{ status: 400, body: { detail: expect.stringContaining('item of a batch') } }],
    });
    server.open();
  });

  it('is 403 for another’s and 404 for none', async () => {
    const server = aServer();
    const { id } = await server.submit('gated', 'ann');

    expect((await server.ask(`/api/jobs/${id}/events`)).status).toBe(403);
    expect((await server.ask('/api/jobs/none/events')).status).toBe(404);
    server.open();
  });
});
