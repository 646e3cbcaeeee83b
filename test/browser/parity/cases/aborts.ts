import type { Fetch, ParityCase, Road } from '../parity-case.ts';
import { reply, replyOf } from '../../support/reply.ts';
import { seeEcho } from '../see-echo.ts';
import { seeOutcome } from '../see.ts';
import type { Stage } from '../stage.ts';

class Custom extends Error {
  override readonly name = 'Custom';
}

/** Makes a call that waits at a gate, and aborts it there. */
const during =
  (abort: (controller: AbortController) => void) =>
  async (fetch: Fetch, { gate }: Stage): Promise<unknown> => {
    const { url, arrived } = gate();
    const controller = new AbortController();
    const outcome = seeOutcome(() => fetch(url, { signal: controller.signal }));
    await arrived();

    abort(controller);

    return outcome;
  };

/** Aborts when the response is there. */
const after =
  (act: (response: Response, controller: AbortController) => unknown, url = text) =>
  async (fetch: Fetch): Promise<unknown> => {
    const controller = new AbortController();
    const response = await fetch(url, { signal: controller.signal });

    return act(response, controller);
  };

const text = replyOf('text/plain', 'hello');
const aborted = (reason?: unknown): AbortSignal => AbortSignal.abort(reason);

const refused = (
  name: string,
  args: () => Parameters<Fetch>,
  road: Road = 'nowhere',
): ParityCase => ({ name, args, road });

const before: readonly ParityCase[] = [
  refused('a signal that has aborted', () => [text, { signal: aborted() }]),
  refused('a signal that has aborted with a reason', () => [text, { signal: aborted('why') }]),
  refused('a signal that has aborted with an error', () => [
    text,
    { signal: aborted(new Custom('why')) },
  ]),
  refused('a signal that has aborted with null', () => [text, { signal: aborted(null) }]),
  refused('a Request whose signal has aborted', () => [
    new Request(text, { signal: aborted('of the Request') }),
  ]),
  refused('a signal that has aborted, over a Request’s own', () => [
    new Request(text, { signal: aborted('of the Request') }),
    { signal: aborted('of init') },
  ]),
  refused('a signal that has aborted, and a call that could not ride', () => [
    text,
    { signal: aborted('why'), keepalive: true },
  ]),
  {
    name: 'a signal that has aborted rejects with the very reason',
    road: 'nowhere',
    play: async (fetch) => {
      const reason = new Custom('why');
      return fetch(text, { signal: aborted(reason) }).catch((error: unknown) => error === reason);
    },
  },
  {
    name: 'an abort in the task of the call',
    road: 'nowhere',
    play: async (fetch) => {
      const controller = new AbortController();
      const outcome = seeOutcome(() => fetch(text, { signal: controller.signal }));
      controller.abort();
      return outcome;
    },
  },
  {
    name: 'an abort in a microtask after the call',
    road: 'nowhere',
    play: async (fetch) => {
      const controller = new AbortController();
      const outcome = seeOutcome(() => fetch(text, { signal: controller.signal }));
      await null;
      controller.abort('early');
      return outcome;
    },
  },
];

const meanwhile: readonly ParityCase[] = [
  {
    name: 'an abort on the way',
    play: during((controller) => {
      controller.abort();
    }),
  },
  {
    name: 'an abort on the way, with a text as reason',
    play: during((controller) => {
      controller.abort('enough');
    }),
  },
  {
    name: 'an abort on the way, with an error as reason',
    play: during((controller) => {
      controller.abort(new Custom('enough'));
    }),
  },
  {
    name: 'an abort on the way, with undefined as reason',
    play: during((controller) => {
      controller.abort(undefined);
    }),
  },
  {
    name: 'an abort on the way rejects with the very reason, in the same task',
    play: async (fetch, { gate }) => {
      const { url, arrived } = gate();
      const controller = new AbortController();
      const reason = new Custom('enough');
      let seen: unknown = 'nothing';
      const outcome = fetch(url, { signal: controller.signal }).catch((error: unknown) => {
        seen = error === reason;
      });
      await arrived();
      controller.abort(reason);
      const { port1, port2 } = new MessageChannel();
      const nextTask = new Promise((resolve) => {
        port1.onmessage = resolve;
      });
      port2.postMessage(null);
      await nextTask;
      const inTime = seen;
      await outcome;
      return inTime;
    },
  },
  {
    name: 'an abort on the way reaches the server',
    play: async (fetch, { gate }) => {
      const { url, arrived, gone } = gate();
      const controller = new AbortController();
      const outcome = seeOutcome(() => fetch(url, { signal: controller.signal }));
      await arrived();
      controller.abort();
      return [await outcome, ((await gone()) as Response).status];
    },
  },
  {
    name: 'AbortSignal.timeout',
    play: async (fetch, { gate }) => {
      const { url, arrived } = gate();
      const outcome = seeOutcome(() => fetch(url, { signal: AbortSignal.timeout(500) }));
      await arrived();
      return outcome;
    },
  },
  {
    name: 'AbortSignal.any',
    play: async (fetch, { gate }) => {
      const { url, arrived } = gate();
      const [first, second] = [new AbortController(), new AbortController()];
      const signal = AbortSignal.any([first.signal, second.signal]);
      const outcome = seeOutcome(() => fetch(url, { signal }));
      await arrived();
      second.abort('second');
      return outcome;
    },
  },
  {
    name: 'an abort of a Request’s own signal',
    play: async (fetch, { gate }) => {
      const { url, arrived } = gate();
      const controller = new AbortController();
      const request = new Request(url, { signal: controller.signal });
      const outcome = seeOutcome(() => fetch(request));
      await arrived();
      controller.abort('of the Request');
      return outcome;
    },
  },
  {
    name: 'an abort of a signal that init has replaced',
    play: async (fetch) => {
      const controller = new AbortController();
      const request = new Request('/t/echo', { signal: controller.signal });
      const response = fetch(request, { signal: new AbortController().signal });
      controller.abort('of the Request');
      return seeEcho(await response);
    },
  },
  {
    name: 'an abort of a signal that null in init has taken away',
    play: async (fetch) => {
      const controller = new AbortController();
      const request = new Request('/t/echo', { signal: controller.signal });
      const response = fetch(request, { signal: null });
      controller.abort('of the Request');
      return seeEcho(await response);
    },
  },
  {
    name: 'an abort of one of two identical calls',
    play: async (fetch, { gate }) => {
      const { url, arrived, open } = gate();
      const controller = new AbortController();
      const first = seeOutcome(() => fetch(url, { signal: controller.signal }));
      const second = fetch(url);
      await arrived();
      controller.abort('only me');
      await open();
      return [await first, await (await second).json()];
    },
  },
  {
    name: 'one signal for several calls',
    legs: 2,
    play: async (fetch, { gate }) => {
      const gates = [gate(), gate()];
      const { signal, abort } = ((controller) => ({
        signal: controller.signal,
        abort: () => {
          controller.abort('all');
        },
      }))(new AbortController());
      const outcomes = gates.map(({ url }) => seeOutcome(() => fetch(url, { signal })));
      await Promise.all(gates.map(({ arrived }) => arrived()));
      abort();
      return Promise.all(outcomes);
    },
  },
];

const afterwards: readonly ParityCase[] = [
  {
    name: 'an abort before the body is read',
    play: after((response, controller) => {
      controller.abort();
      return seeOutcome(() => response.text());
    }),
  },
  {
    name: 'an abort before the body is read, with a reason',
    play: after(async (response, controller) => {
      controller.abort('too late');
      return [await seeOutcome(() => response.json()), response.bodyUsed];
    }),
  },
  {
    name: 'an abort before a reader reads',
    play: after(async (response, controller) => {
      const reader = response.body!.getReader();
      controller.abort('too late');
      return [await seeOutcome(() => reader.read()), await seeOutcome(() => reader.closed)];
    }),
  },
  {
    name: 'an abort before the body is read, of a clone too',
    play: after(async (response, controller) => {
      const clone = response.clone();
      controller.abort('too late');
      return [await seeOutcome(() => response.text()), await seeOutcome(() => clone.text())];
    }),
  },
  {
    name: 'an abort before the body is read, then a clone',
    play: after(async (response, controller) => {
      controller.abort('too late');
      return seeOutcome(() => response.clone().text());
    }),
  },
  {
    name: 'an abort when the body has been read',
    play: after(async (response, controller) => {
      const body = await response.text();
      controller.abort();
      return [body, response.status, response.bodyUsed];
    }),
  },
  {
    name: 'an abort of a response without a body',
    play: after(
      async (response, controller) => {
        controller.abort();
        return [response.body, await response.text()];
      },
      reply({ status: 204 }),
    ),
  },
  {
    name: 'an abort after an empty body',
    play: after(async (response, controller) => {
      const body = await response.arrayBuffer();
      controller.abort();
      return body.byteLength;
    }, reply({})),
  },
  {
    name: 'no abort: a signal that is never used',
    play: after((response) => response.text()),
  },
];

export const aborts: readonly ParityCase[] = [...before, ...meanwhile, ...afterwards];
