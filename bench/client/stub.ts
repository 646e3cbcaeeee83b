interface Recorded {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What goes with the connection and not with the answer, and what would change what a client asks next. */
const dropped =
  /^(?:accept-encoding|connection|content-encoding|content-length|date|keep-alive|vary)$/;

async function record(response: Response): Promise<Recorded> {
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !dropped.test(name)),
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

const replay = ({ status, headers, bytes }: Recorded): Response =>
  new Response(bytes, { status, headers: headers.map(([name, value]) => [name, value]) });

export interface Stub {
  /** In place of `globalThis.fetch`. */
  readonly fetch: typeof fetch;
  /** Starts a run: of a key that is new, it passes on and records; from the second on, it replays. */
  readonly start: (key: string) => void;
  /** @throws Error if not all that was recorded has been asked for, or a recording is under way */
  readonly end: () => void;
}

/**
 * A network that has been recorded: it answers from memory, at once, what a real server has answered to
 * the same calls. It goes by the order of requests alone, which costs next to nothing; the answers tell
 * whether the order was the same.
 */
export function createStub(network: typeof fetch): Stub {
  const tapes = new Map<string, Recorded[]>();
  let tape: Recorded[] = [];
  let isRecording = false;
  let next = 0;

  return {
    async fetch(input, init) {
      const index = next++;
      if (isRecording) tape[index] = await record(await network(input, init));
      // Bursts of the same calls, one after the other, are one recording over and over again.
      const recorded = tape[index % tape.length];
      if (!recorded) throw new Error(`the stub has no answer number ${index}`);
      return replay(recorded);
    },
    start(key) {
      const known = tapes.get(key);
      isRecording = !known;
      tape = known ?? [];
      tapes.set(key, tape);
      next = 0;
    },
    end() {
      if (!isRecording && next % tape.length !== 0) {
        throw new Error(`the stub was asked ${next} times, and has ${tape.length} answers`);
      }
    },
  };
}
