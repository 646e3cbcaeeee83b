import { describe, expect, it } from 'vitest';
import { nextTraceparent } from '../../demo/server/http/tracing.ts';
import { aDemoServer } from '../support/a-demo-server.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const trace = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${trace}-b7ad6b7169203331-01`;

const aBatch = {
  requests: ['a', 'b'].map((id) => ({ id, method: 'GET', url: `/api/notes/${id}` })),
};

describe('the mark of an item', () => {
  it('can’t be forged: what comes with it is a request like any other', async () => {
    const server = aDemoServer();
    const headers = { 'carpool-item': '1', 'x-request-id': 'one' };

    await server.ask('/api/widgets/1?maxAge=60', { headers });
    const again = await server.ask('/api/widgets/1?maxAge=60', { headers });

    expect(again.headers.get('cache-status')).toBeNull();
    expect(again.headers.get('x-request-id')).toBe('one');
    expect(server.lines.map(({ via }) => via)).toEqual(['single', 'single']);
  });
});

describe('ids', () => {
  it('are given to a request that has none', async () => {
    const { headers } = await aDemoServer().ask('/api/notes');

    expect(headers.get('x-request-id')).toMatch(uuid);
    expect(headers.get('x-correlation-id')).toBe(headers.get('x-request-id'));
  });

  it('that a request has are kept', async () => {
    const { headers } = await aDemoServer().ask('/api/notes', {
      headers: { 'x-request-id': 'one', 'x-correlation-id': 'all:1' },
    });

    expect(headers.get('x-request-id')).toBe('one');
    expect(headers.get('x-correlation-id')).toBe('all:1');
  });

  it.each(['a b', 'é', '<script>', 'x'.repeat(101)])('such as %j are not taken', async (id) => {
    const { headers } = await aDemoServer().ask('/api/notes', {
      headers: { 'x-request-id': encodeURI(id) === id ? id : 'a b' },
    });

    expect(headers.get('x-request-id')).toMatch(uuid);
  });

  it('of a batch go down to its items, which have ids of their own', async () => {
    const server = aDemoServer();

    const response = await server.send('POST', '/batch', aBatch, {
      headers: { 'x-request-id': 'whole', 'x-correlation-id': 'all' },
    });

    const { responses } = (await response.json()) as {
      responses: { headers: Record<string, string> }[];
    };
    const ids = responses.map(({ headers }) => headers['x-request-id']);
    expect(ids).toEqual([
      expect.stringMatching(/^whole\.[0-9a-f]{6}$/),
      expect.stringMatching(/^whole\.[0-9a-f]{6}$/),
    ]);
    expect(new Set(ids).size).toBe(2);
    expect(responses.map(({ headers }) => headers['x-correlation-id'])).toEqual(['all', 'all']);
  });

  it('are in the log, with what was asked, by whom, and what came of it', async () => {
    const server = aDemoServer();

    await server.send('POST', '/batch', aBatch, { headers: { 'x-correlation-id': 'all' } });

    const items = server.lines.filter(({ via }) => via === 'batch');
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({
      correlationId: 'all',
      method: 'GET',
      route: '/api/notes/:id',
      status: 404,
      user: 'demo',
      ms: expect.any(Number),
    });
  });

  it('nothing in the log would let a reader in', async () => {
    const server = aDemoServer();
    await server.send(
      'POST',
      '/api/auth/login',
      { username: 'ann', password: 'ann-password' },
      { as: null },
    );
    await server.ask('/api/notes');

    const log = JSON.stringify(server.lines);
    expect(log).not.toContain('ann-password');
    expect(log).not.toContain(await server.tokenOf('demo'));
  });
});

describe('traceparent', () => {
  it('goes on with the trace, under a new parent', () => {
    expect(nextTraceparent(traceparent)).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(nextTraceparent(traceparent)).not.toBe(traceparent);
  });

  it('keeps its flags: what is not sampled stays so', () => {
    expect(nextTraceparent(`00-${trace}-b7ad6b7169203331-00`)).toMatch(/-00$/);
  });

  it.each([
    undefined,
    '',
    'x',
    `01-${trace}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-b7ad6b7169203331-01`,
  ])('%j begins a new one', (field) => {
    const next = nextTraceparent(field);

    expect(next).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(next).not.toContain(trace);
  });

  it('of a batch is that of its items', async () => {
    const server = aDemoServer();

    await server.send('POST', '/batch', aBatch, { headers: { traceparent } });

    const traces = server.lines
      .filter(({ msg }) => msg === 'answered')
      .map((line) => line['trace']);
    expect(traces).toEqual([trace, trace, trace]);
  });
});
