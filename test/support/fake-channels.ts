/** What a tab has of the platform's ways to talk to others. */
export interface Talk {
  readonly BroadcastChannel: typeof BroadcastChannel;
  readonly locks: Pick<LockManager, 'request'>;
  /** Hands over what others have told this tab: the first `limit` messages. */
  readonly deliver: (limit?: number) => void;
  /** Loses them. */
  readonly lose: () => void;
  readonly waiting: () => number;
  /** The tab has gone: its channels are closed, its locks are let go. */
  readonly end: () => void;
}

interface Channel {
  readonly name: string;
  onmessage: ((event: MessageEvent) => void) | null;
  readonly receive: (data: unknown) => void;
}

/** Creates what tabs of one browser share. Messages wait until the test delivers them. */
export function fakeChannels(): { readonly join: () => Talk } {
  const channels = new Set<Channel>();
  const holders = new Map<string, object>();

  const join = (): Talk => {
    const me = {};
    const own = new Set<Channel>();
    let inbox: (() => void)[] = [];
    let isOver = false;

    class FakeChannel implements Channel {
      readonly name: string;
      onmessage: ((event: MessageEvent) => void) | null = null;
      constructor(name: string) {
        this.name = name;
        channels.add(this);
        own.add(this);
      }
      receive(data: unknown): void {
        inbox.push(() => {
          if (channels.has(this)) this.onmessage?.({ data } as MessageEvent);
        });
      }
      postMessage(data: unknown): void {
        if (isOver) return;
        if (!channels.has(this))
          throw new DOMException('the channel is closed', 'InvalidStateError');
        for (const other of channels) {
          if (other !== this && other.name === this.name) other.receive(structuredClone(data));
        }
      }
      close(): void {
        channels.delete(this);
      }
    }

    const request = async (
      name: string,
      _options: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ): Promise<unknown> => {
      await null;
      if (holders.has(name)) return callback(null);
      holders.set(name, me);
      try {
        return await callback({ name, mode: 'exclusive' });
      } finally {
        if (holders.get(name) === me) holders.delete(name);
      }
    };

    return {
      BroadcastChannel: FakeChannel as unknown as typeof BroadcastChannel,
      locks: { request: request as unknown as LockManager['request'] },
      deliver: (limit = Infinity) => {
        for (const receive of inbox.splice(0, limit)) receive();
      },
      lose: () => {
        inbox = [];
      },
      waiting: () => inbox.length,
      end: () => {
        isOver = true;
        inbox = [];
        for (const channel of own) channels.delete(channel);
        for (const [name, holder] of holders) if (holder === me) holders.delete(name);
      },
    };
  };
  return { join };
}
