import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { createBatchHandler } from '../../src/server/index.ts';
import { answerNode } from '../support/node-adapter.ts';
import type { Answer, Case, Origins, Seen } from './case.ts';

/** An application that answers as its script says, alone and under `/batch`. */
export interface ScriptedServer {
  readonly origin: string;
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
}

/** What one or several servers have been asked, and what they said. */
export interface Script {
  readonly seen: Seen[];
  readonly said: (Answer & { readonly body: string })[];
  /** Known once the servers have started. */
  readonly origins: { -readonly [Name in keyof Origins]: Origins[Name] };
  readonly next: (seen: Seen) => Answer & { readonly body: string };
}

const isBodiless = (status: number): boolean => [204, 205, 304].includes(status);

export function createScript(answers: Case['answers']): Script {
  const script: Script = {
    seen: [],
    said: [],
    origins: { home: '', elsewhere: '' },
    next: (seen) => {
      const n = script.seen.push(seen);
      const scripted = answers[Math.min(n, answers.length) - 1]!;
      const answer = typeof scripted === 'function' ? scripted(seen, script.origins) : scripted;
      const hasNone = seen.method === 'HEAD' || isBodiless(answer.status ?? 200);
      const said = { ...answer, body: hasNone ? '' : (answer.body ?? `answer ${String(n)}`) };
      script.said.push(said);
      return said;
    },
  };
  return script;
}

/** A body that breaks off after these bytes. */
function brokenOff(body: string): ReadableStream {
  const chunks = [new TextEncoder().encode(body)];
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.pop();
      if (chunk) controller.enqueue(chunk);
      else controller.error(new Error('breaks off'));
    },
  });
}

function toResponse({
  status = 200,
  headers = {},
  body,
  breaks,
}: Script['said'][number]): Response {
  // The test's clock, so that the server's and the client's are one.
  const fields: Answer['headers'] = {
    date: new Date().toUTCString(),
    'content-type': 'text/plain',
    ...headers,
  };
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as [string, string]],
  );
  const content = breaks === 'body' ? brokenOff(body) : body;
  return new Response(content === '' ? null : content, { status, headers: given });
}

/** Starts a server on a port of its own. */
export async function startServer(script: Script, port = 0): Promise<ScriptedServer> {
  let breakOff: () => void;

  const answer = (request: Request): Response => {
    const { pathname, search } = new URL(request.url);
    const said = script.next({
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      rode: request.headers.has('carpool-item'),
    });
    if (said.takes) vi.setSystemTime(Date.now() + said.takes * 1000);
    if (said.breaks === 'connection') breakOff();
    return toResponse(said);
  };
  // A body that breaks off does so on purpose.
  const batch = createBatchHandler({ dispatch: answer, onEvent: () => {} });
  const server: Server = createServer((incoming, outgoing) => {
    // Cases ask for one thing after the other, so this is the connection that the answer would take.
    breakOff = () => incoming.socket.destroy();
    outgoing.sendDate = false;
    void answerNode(incoming, outgoing, (request) =>
      new URL(request.url).pathname === '/batch' ? batch(request) : answer(request),
    );
  });

  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const own = await listen(port);
  return {
    origin: `http://127.0.0.1:${String(own)}`,
    down: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    up: async () => {
      await listen(own);
    },
  };
}
