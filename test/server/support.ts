import {
  createBatchHandler,
  type BatchHandlerOptions,
  type BatchServerEvent,
} from '../../src/server/index.ts';

export const endpoint = 'https://app.test/batch';

/** One item of a batch, as a client writes it. */
export interface TestItem {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly url?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly dependsOn?: unknown;
  readonly atomicityGroup?: unknown;
}

export interface TestPart {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

export interface TestProblem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: { pointer: string; detail: string }[];
  readonly limit?: { name: string; value: number };
  readonly correlationId?: string;
}

export type TestStats = Record<string, unknown>;

/** A GET of a path, its id being its place unless it has one. */
export const aGet = (url: string, more: TestItem = {}): TestItem => ({
  method: 'GET',
  url,
  ...more,
});

export const aPost = (url: string, body?: unknown, more: TestItem = {}): TestItem => ({
  method: 'POST',
  url,
  ...(body !== undefined && { body }),
  ...more,
});

/** A batch as a browser posts it; items without an id get their index. */
export function aBatch(items: readonly TestItem[], headers: HeadersInit = {}): Request {
  const requests = items.map((item, index) => ({ id: String(index), ...item }));
  return aRawBatch(JSON.stringify({ requests }), headers);
}

export function aRawBatch(
  body: BodyInit,
  headers: HeadersInit = {},
  init: RequestInit = {},
): Request {
  const fields = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of new Headers(headers)) fields.set(name, value);
  return new Request(endpoint, {
    method: 'POST',
    headers: fields,
    body,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
    ...init,
  });
}

export const streamed = { accept: 'application/x-ndjson, application/json;q=0.5' };

export interface TestServer {
  readonly handle: (request: Request) => Promise<Response>;
  /** What dispatch was given, in order. */
  readonly seen: Request[];
  readonly events: BatchServerEvent[];
}

type Dispatch = BatchHandlerOptions['dispatch'];

export const echoPath: Dispatch = (request) =>
  Response.json({ path: new URL(request.url).pathname });

/** A handler whose dispatch answers with its own path, unless told otherwise. */
export function aServer(
  dispatch: Dispatch = echoPath,
  options: Omit<BatchHandlerOptions, 'dispatch'> = {},
): TestServer {
  const seen: Request[] = [];
  const events: BatchServerEvent[] = [];
  const handle = createBatchHandler({
    onEvent: (event) => events.push(event),
    ...options,
    dispatch: (request) => {
      seen.push(request);
      return dispatch(request);
    },
  });
  return { handle, seen, events };
}

export async function wholeOf(response: Response): Promise<{
  responses: TestPart[];
  stats: TestStats;
}> {
  if (response.status !== 200) throw new Error(`refused: ${await response.text()}`);
  return (await response.json()) as { responses: TestPart[]; stats: TestStats };
}

/** The parts of a buffered answer, in the order of the items. */
export async function partsOf(response: Response): Promise<TestPart[]> {
  return (await wholeOf(response)).responses;
}

/** Posts one item and gives its part. */
export async function partOf(server: TestServer, item: TestItem): Promise<TestPart> {
  const [part] = await partsOf(await server.handle(aBatch([item])));
  return part!;
}

export const problemOf = (part: TestPart): TestProblem => part.body as TestProblem;

export async function refusalOf(response: Response): Promise<TestProblem> {
  return (await response.json()) as TestProblem;
}

/** Reads a stream one chunk at a time. */
export function readerOf(response: Response): {
  next: () => Promise<string | null>;
  cancel: (reason?: unknown) => Promise<void>;
} {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? null : decoder.decode(value, { stream: true });
    },
    cancel: (reason) => reader.cancel(reason),
  };
}

/** The lines of a streamed answer: parts, then the stats. */
export async function linesOf(response: Response): Promise<{
  parts: TestPart[];
  stats: TestStats;
}> {
  const lines = (await response.text()).split('\n').filter((line) => line !== '');
  const values = lines.map((line) => JSON.parse(line) as TestPart & { stats: TestStats });
  return { parts: values.slice(0, -1), stats: values.at(-1)!.stats };
}

/** Endpoints that answer when the test says so, by path. */
export function createGates(): {
  dispatch: Dispatch;
  open: (path: string, response?: Response) => void;
  fail: (path: string, error: unknown) => void;
  /** Paths in the order in which they were asked for. */
  started: string[];
  signals: Map<string, AbortSignal>;
} {
  const gates = new Map<string, PromiseWithResolvers<Response>>();
  const started: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const gateOf = (path: string): PromiseWithResolvers<Response> => {
    let gate = gates.get(path);
    if (!gate) gates.set(path, (gate = Promise.withResolvers()));
    return gate;
  };
  return {
    dispatch: (request) => {
      const { pathname } = new URL(request.url);
      started.push(pathname);
      signals.set(pathname, request.signal);
      return gateOf(pathname).promise;
    },
    open: (path, response = Response.json({ path })) => {
      gateOf(path).resolve(response);
    },
    fail: (path, error) => {
      gateOf(path).reject(error);
    },
    started,
    signals,
  };
}

/** Lets everything run that is ready to. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
