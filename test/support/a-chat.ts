import type { Config } from '../../demo/server/config.ts';
import { aDemoServer, type DemoServer } from './a-demo-server.ts';

type Init = NonNullable<Parameters<DemoServer['send']>[3]>;

/** A server whose sessions are asked for in short. */
export function aChat(config: Partial<Config> = {}) {
  const server = aDemoServer(config);
  const { ask, send, services } = server;
  const read = async <T>(response: Response | Promise<Response>): Promise<T> =>
    (await (await response).json()) as T;
  return {
    ...server,
    read,
    start: (body: unknown, init?: Init) => send('POST', '/api/sessions', body, init),
    say: (session: string | number, body: unknown, init?: Init) =>
      send('POST', `/api/sessions/${session}/messages`, body, init),
    question: (session: string | number, body: unknown, init?: Init) =>
      send('POST', `/api/sessions/${session}/questions`, body, init),
    /** What the texts of a session's messages are, in their order. */
    texts: async (session: string | number): Promise<string[]> => {
      const { messages } = await read<{ messages: { text: string }[] }>(
        ask(`/api/sessions/${session}/messages`),
      );
      return messages.map(({ text }) => text);
    },
    /** What is announced from now on. */
    announced: (): { readonly tags: readonly string[]; readonly user?: string | undefined }[] => {
      const heard: { readonly tags: readonly string[]; readonly user?: string | undefined }[] = [];
      services.bus.listen((announcement) => heard.push(announcement));
      return heard;
    },
    /** Sends items as one batch; the answers come by their ids. */
    batch: async (
      items: readonly {
        readonly url: string;
        readonly method?: string;
        readonly headers?: object;
        readonly body?: unknown;
      }[],
      init?: Init,
    ) => {
      const requests = items.map((item, id) => ({ id: String(id), method: 'GET', ...item }));
      const { responses } = await read<{
        responses: { id: string; status: number; headers: object; body: unknown }[];
      }>(send('POST', '/batch', { requests }, init));
      return responses.sort((one, other) => Number(one.id) - Number(other.id));
    },
  };
}
