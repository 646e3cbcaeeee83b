import { createRoute, z } from '@hono/zod-openapi';
import { refuse } from '../http/problem.ts';
import { body, createRouter, problems, type Router } from '../http/router.ts';
import { isItem } from '../http/tracing.ts';
import type { Log } from '../platform/log.ts';
import { wait } from '../widgets/delay.ts';
import type { Assistant } from './assistant.ts';
import { toEventStream, type StreamEvent } from './event-stream.ts';
import type { MessageStore } from './messages.ts';
import { message, newMessage, pathId, type Message } from './schemas.ts';
import type { Announce } from './tags.ts';

const exchange = z.object({ question: message, answer: message }).openapi('ChatExchange');

const ask = createRoute({
  method: 'post',
  path: '/api/sessions/{id}/questions',
  tags: ['chat'],
  summary: 'Asks the assistant',
  description: `With \`Accept: text/event-stream\` the answer comes word by word: the events \`question\` (the message
that was stored), \`delta\` (\`{"text":"…"}\`) and \`answer\` (the message that is stored then). It can't be an item of a batch: clients
send it on its own, as Carpool does by itself. If the client goes away, the answer ends, and is stored as far as it went.
With any other \`Accept\` the answer comes whole.`,
  request: {
    params: z.object({ id: pathId.openapi({ example: 'demo-58' }) }),
    body: body(newMessage),
  },
  responses: {
    200: {
      description: 'The answer',
      content: {
        'application/json': { schema: exchange },
        'text/event-stream': { schema: z.string() },
      },
    },
    ...problems(400, 401, 403, 404, 406, 409, 415, 422, 507),
  },
});

/** Whether the client wants events: it names them, with a quality above none. */
const wantsEvents = (accept: string | undefined): boolean =>
  /(?:^|,)\s*text\/event-stream\s*(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))(?:[;,]|$)/i.test(accept ?? '');

interface Where {
  readonly user: string;
  readonly session: string;
  readonly log: Log;
}

/** What takes part in answering. */
export interface Answering {
  readonly messages: MessageStore;
  readonly assistant: Assistant;
  readonly announce: Announce;
  /** Before each word that is streamed. */
  readonly wordDelayMs: number;
}

/** Answers questions, whole or as a stream. */
export function createQuestionRoutes({
  messages,
  assistant,
  announce,
  wordDelayMs,
}: Answering): Router {
  const router = createRouter();

  /** The events of an answer; however they end, what was told of it is stored. */
  async function* answer(
    { user, session, log }: Where,
    question: Message,
    signal: AbortSignal,
  ): AsyncGenerator<StreamEvent> {
    const { text, sources } = assistant(question.text);
    const words = text.match(/\S+\s*/g) ?? [];
    let told = '';
    let state: Message['state'] = 'stopped';
    let last: StreamEvent | undefined;
    try {
      yield { event: 'question', data: question };
      for (const word of words) {
        await wait(wordDelayMs, signal);
        told += word;
        yield { event: 'delta', data: { text: word } };
      }
      state = 'complete';
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (told !== '') {
        try {
          const said = { role: 'assistant' as const, text: told.trimEnd(), state, sources };
          last = { event: 'answer', data: messages.add(user, session, said) };
          announce(user, session);
        } catch (error) {
          // Such as: the session was deleted meanwhile. The head of the answer has been sent.
          log.warn({ error, session }, 'an answer could not be stored');
          last = { event: 'error', data: { detail: 'The answer could not be stored.' } };
        }
      }
    }
    if (last) yield last;
  }

  router.openapi(ask, (c) => {
    const isStream = wantsEvents(c.req.header('accept'));
    if (isStream && isItem(c)) {
      const detail =
        "A stream of events can't be an item of a batch. Send this request on its own, or accept application/json.";
      return refuse(406, 'No stream in a batch', detail);
    }
    if (isStream && c.req.header('idempotency-key') !== undefined) {
      const detail =
        "A stream of events can't be repeated. Leave Idempotency-Key out and give the question an id: asked twice, it is 409.";
      return refuse(400, 'No key for a stream', detail);
    }
    const { id: user } = c.get('user');
    const { id } = c.req.valid('param');
    const question = messages.add(user, id, { ...c.req.valid('json'), role: 'user' });
    announce(user, id);
    if (isStream) {
      const gone = new AbortController();
      const signal = AbortSignal.any([c.req.raw.signal, gone.signal]);
      return toEventStream(answer({ user, session: id, log: c.get('log') }, question, signal), () =>
        gone.abort(),
      );
    }
    const { text, sources } = assistant(question.text);
    const whole = messages.add(user, id, { role: 'assistant', text, sources });
    announce(user, id);
    return c.json({ question, answer: whole }, 200, { vary: 'accept' });
  });

  return router;
}
