import { describe, expect, it } from 'vitest';
import type { Config } from '../../demo/server/config.ts';
import { aChat } from '../support/a-chat.ts';

const question = 'What can we paint with four-year-olds?';
const streaming = { headers: { accept: 'text/event-stream' } };

interface Message {
  readonly role: string;
  readonly text: string;
  readonly state: string;
  readonly sources: readonly { readonly id: string; readonly title: string }[];
}

interface Exchange {
  readonly question: Message;
  readonly answer: Message;
}

async function aSession(config: Partial<Config> = {}) {
  const chat = aChat(config);
  await chat.start({ id: 's' });
  const messages = async () => {
    const page = await chat.read<{ messages: Message[] }>(chat.ask('/api/sessions/s/messages'));
    return page.messages;
  };
  /** Streams an answer without a socket, which would read ahead of the reader. */
  const streamInProcess = async () =>
    chat.app.request('/api/sessions/s/questions', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await chat.tokenOf('demo')}`,
        'content-type': 'application/json',
        ...streaming.headers,
      },
      body: JSON.stringify({ text: question }),
    });
  return { ...chat, messages, streamInProcess };
}

/** The events of a stream that has ended. */
async function eventsOf(response: Response): Promise<{ event: string; data: { text: string } }[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => {
    const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    return { event, data: JSON.parse(data) as { text: string } };
  });
}

describe('a question', () => {
  it('is stored with its answer, which names the activities that it is about', async () => {
    const { ask, messages, question: put, read } = await aSession();

    const { question: asked, answer } = await read<Exchange>(put('s', { id: 'q', text: question }));

    expect(asked).toMatchObject({ id: 'q', role: 'user', text: question });
    expect(answer).toMatchObject({ role: 'assistant', state: 'complete' });
    expect(answer.sources).toHaveLength(3);
    const [source] = answer.sources;
    expect(answer.text).toContain(`“${source!.title}”`);
    const activity = await read(ask(`/api/v1/activities/${source!.id}?fields=title`));
    expect(activity).toEqual({ title: source!.title });
    expect(await messages()).toEqual([asked, answer]);
  });

  it('gets the same answer each time', async () => {
    const { question: put, read } = await aSession();
    const answer = async () => (await read<Exchange>(put('s', { text: question }))).answer.text;

    expect(await answer()).toBe(await answer());
  });

  it.each([
    ['4-year-olds', 48],
    ['four years', 48],
    ['two year olds', 24],
  ])('that is about %s gets activities for their age', async (age, months) => {
    const { ask, question: put, read } = await aSession();

    const { answer } = await read<Exchange>(put('s', { text: `Painting with ${age}` }));

    expect(answer.sources.length).toBeGreaterThan(0);
    for (const { id } of answer.sources) {
      const { age: range } = await read<{ age: { min_months: number; max_months: number } }>(
        ask(`/api/v1/activities/${id}`),
      );
      expect(range.min_months).toBeLessThanOrEqual(months);
      expect(range.max_months).toBeGreaterThanOrEqual(months);
    }
  });

  it.each(['Xylqz?', 'What do you do?', '" OR NEAR( * ^', '…'])(
    'that nothing fits is answered so: %s',
    async (text) => {
      const { question: put, read } = await aSession();

      const { answer } = await read<Exchange>(put('s', { text }));

      expect(answer).toMatchObject({ sources: [], text: expect.stringContaining('no activity') });
    },
  );

  it('is 409 in a session that is archived, and 422 without a text', async () => {
    const { ask, question: put } = await aSession();

    expect((await put('s', {})).status).toBe(422);
    await ask('/api/sessions/s/archive', { method: 'POST' });
    expect((await put('s', { text: question })).status).toBe(409);
    expect((await put('s', { text: question }, streaming)).status).toBe(409);
  });
});

describe('an answer that is streamed', () => {
  it('comes word by word, between the question and what is stored', async () => {
    const { messages, question: put } = await aSession();

    const response = await put('s', { text: question }, streaming);

    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('content-encoding')).toBeNull();
    const events = await eventsOf(response);
    const deltas = events.slice(1, -1);
    expect(new Set(deltas.map(({ event }) => event))).toEqual(new Set(['delta']));
    const [asked, answer] = await messages();
    expect(events[0]).toEqual({ event: 'question', data: asked });
    expect(events.at(-1)).toEqual({ event: 'answer', data: answer });
    expect(deltas.map(({ data }) => data.text).join('')).toBe(answer!.text);
  });

  it('is the same as the one that comes whole', async () => {
    const { messages, question: put } = await aSession();

    await (await put('s', { text: question }, streaming)).text();
    await put('s', { text: question });

    const [, streamed, , whole] = await messages();
    expect(streamed!.text).toBe(whole!.text);
    expect(streamed!.sources).toEqual(whole!.sources);
  });

  it('announces the session when asked, and when answered', async () => {
    const { question: put, services } = await aSession();
    const heard: object[] = [];
    const { database, bus } = services;
    const count = database.prepare(
      "SELECT count(*) AS stored FROM chat_messages WHERE session = 's'",
    );
    bus.listen((announcement) => heard.push({ ...announcement, ...count.get() }));

    await (await put('s', { text: question }, streaming)).text();

    const announcement = { tags: ['session-list', 'session-s'], user: 'demo' };
    expect(heard).toEqual([
      { ...announcement, stored: 1 },
      { ...announcement, stored: 2 },
    ]);
  });

  it('stops when its reader goes, and is stored as far as it was told', async () => {
    const { messages, streamInProcess } = await aSession();
    const response = await streamInProcess();
    const reader = response.body!.getReader();
    for (let n = 0; n < 4; n++) await reader.read();

    await reader.cancel();

    const [, answer, ...more] = await messages();
    expect(answer).toMatchObject({
      role: 'assistant',
      state: 'stopped',
      text: '3 activities fit.',
    });
    expect(more).toEqual([]);
  });

  it('of which nothing was told leaves the question alone', async () => {
    const { messages, streamInProcess } = await aSession();
    const response = await streamInProcess();

    await response.body!.cancel();

    expect(await messages()).toMatchObject([{ role: 'user' }]);
  });

  it('is not waited for once its reader has gone', async () => {
    const { messages, streamInProcess } = await aSession({ ANSWER_WORD_MS: 1000 });
    const response = await streamInProcess();
    const reader = response.body!.getReader();
    await reader.read();

    // Once the microtasks are done, the first word is on its way.
    const word = reader.read();
    await new Promise(setImmediate);
    await reader.cancel();

    expect(await word).toMatchObject({ done: true });
    expect(await messages()).toMatchObject([{ role: 'user' }]);
  });

  it('ends with an error where its session was deleted meanwhile', async () => {
    const { ask, lines, streamInProcess } = await aSession();
    const response = await streamInProcess();

    await ask('/api/sessions/s', { method: 'DELETE' });

    const events = await eventsOf(response);
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { detail: expect.any(String) } });
    expect(lines).toContainEqual(expect.objectContaining({ level: 40, session: 's' }));
  });

  it('stops over a real connection, too', async () => {
    const { messages, question: put, services } = await aSession({ ANSWER_WORD_MS: 100 });
    const announcements: (() => void)[] = [];
    const stored = new Promise<void>((resolve) => announcements.push(() => {}, resolve));
    services.bus.listen(() => announcements.shift()?.());
    const gone = new AbortController();

    const init = { ...streaming, signal: gone.signal };
    const response = await put('s', { text: question }, init);
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('delta')) text += new TextDecoder().decode((await reader.read()).value);
    gone.abort();
    await stored;

    expect((await messages())[1]).toMatchObject({ role: 'assistant', state: 'stopped' });
  });

  it.each([
    ['text/event-stream', true],
    ['text/event-stream;q=0.9, application/json;q=0.5', true],
    ['application/json, TEXT/EVENT-STREAM', true],
    ['text/event-stream;q=0', false],
    ['text/event-stream; q=0.0, */*', false],
    ['text/event-streams', false],
    ['application/json', false],
    ['*/*', false],
  ])('is for who accepts it: %s → %s', async (accept, isStream) => {
    const { question: put } = await aSession();

    const response = await put('s', { text: 'Xylqz' }, { headers: { accept } });
    await response.text();

    expect(response.headers.get('content-type')).toBe(
      isStream ? 'text/event-stream' : 'application/json',
    );
  });

  it('can’t be repeated by a key: 400, and nothing is asked', async () => {
    const { messages, question: put } = await aSession();
    const headers = { ...streaming.headers, 'idempotency-key': '"k-1"' };

    const response = await put('s', { text: question }, { headers });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ title: 'No key for a stream' });
    expect(await messages()).toEqual([]);
  });

  it('with an id of the question’s is 409 when it is repeated', async () => {
    const { question: put } = await aSession();
    await (await put('s', { id: 'q', text: question }, streaming)).text();

    expect((await put('s', { id: 'q', text: question }, streaming)).status).toBe(409);
  });
});

describe('in a batch', () => {
  const item = (session: string, accept?: string) => ({
    method: 'POST',
    url: `/api/sessions/${session}/questions`,
    headers: { 'content-type': 'application/json', ...(accept ? { accept } : {}) },
    body: { text: question },
  });

  it('a stream is refused, with the way out, and its item alone', async () => {
    const { batch, messages } = await aSession();

    const responses = await batch([
      item('s', 'text/event-stream'),
      { url: '/api/sessions/s' },
      item('ann-51'),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([406, 200, 403]);
    expect(responses[0]!.body).toMatchObject({
      title: 'No stream in a batch',
      detail: expect.stringContaining('on its own'),
    });
    expect(await messages()).toEqual([]);
  });

  it('an answer comes whole', async () => {
    const { batch, messages } = await aSession();

    const [response] = await batch([item('s', 'application/json')]);

    expect(response).toMatchObject({ status: 200, body: { answer: { state: 'complete' } } });
    expect(await messages()).toHaveLength(2);
  });

  it('what the batch itself accepts is nothing to its items', async () => {
    const { batch } = await aSession();

    const [response] = await batch([item('s')], { headers: { accept: 'application/json' } });

    expect(response!.status).toBe(200);
  });
});
