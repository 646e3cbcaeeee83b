import { DatabaseSync, StatementSync } from 'node:sqlite';
import { vi } from 'vitest';
import { seededUuid } from '../../demo/server/resources/ids.ts';
import { aDemoServer, type DemoServer } from './a-demo-server.ts';

type Init = NonNullable<Parameters<DemoServer['send']>[3]>;

/** One item of a resource batch's answer. */
export interface ItemResult {
  readonly id: string | null;
  readonly request_id?: string;
  readonly status: 'success' | 'error' | 'partial';
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly error: {
    readonly title: string;
    readonly detail: string;
    readonly errors?: readonly { readonly pointer: string }[];
  } | null;
  readonly status_code: number;
}

export interface Results {
  readonly results: readonly ItemResult[];
  readonly total_requested: number;
  readonly total_succeeded: number;
  readonly total_failed: number;
  readonly processed_at: string;
}

/** Ids of seeded resources: `demo` has groups 0 to 11 and children 0 to 299, `ann` those that follow. */
export const ids = {
  activity: (number = 0) => seededUuid('activity', number),
  group: (number = 0) => seededUuid('group', number),
  child: (number = 0) => seededUuid('child', number),
  ofNone: '00000000-0000-4000-8000-000000000000',
  annsGroup: seededUuid('group', 12),
  annsChild: seededUuid('child', 300),
};

export const aChild = (more: object = {}) => ({
  first_name: 'Mira',
  birth_date: '2022-04-17',
  group_id: ids.group(),
  energy: 'lively',
  ...more,
});

export const anActivity = (more: object = {}) => ({
  title: 'Shadow theatre',
  description: 'Figures of cardboard come alive behind a sheet.',
  category: 'role_play',
  skills: ['speech'],
  age: { min_months: 36, max_months: 72 },
  group_size: { min: 2, max: 10 },
  duration_minutes: 40,
  setting: 'indoor',
  weather: ['rain'],
  energy: 'calm',
  ...more,
});

/** A server whose resources are asked for in short. */
export function aNursery() {
  const server = aDemoServer();
  const { ask, send, services } = server;
  const post = (name: string, body: unknown, init?: Init) =>
    send('POST', `/api/v1/batch/${name}`, body, init);
  return {
    ...server,
    post,
    /** The results of a batch that is taken. */
    results: async (name: string, body: unknown, init?: Init): Promise<Results> => {
      const response = await post(name, body, init);
      if (response.status !== 200) throw new Error(await response.text());
      return (await response.json()) as Results;
    },
    get: async <T = Readonly<Record<string, unknown>>>(path: string, as = 'demo'): Promise<T> =>
      (await (await ask(path, { as })).json()) as T,
    status: async (path: string, as = 'demo'): Promise<number> => (await ask(path, { as })).status,
    announced: (): { readonly tags: readonly string[]; readonly user?: string | undefined }[] => {
      const heard: { readonly tags: readonly string[]; readonly user?: string | undefined }[] = [];
      services.bus.listen((announcement) => heard.push(announcement));
      return heard;
    },
  };
}

/** Counts the statements that SQLite carries out during `work`, but for those of the audit trail. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const spies = (['all', 'get', 'run', 'iterate'] as const).map((method) => {
    const original = StatementSync.prototype[method] as (...args: unknown[]) => unknown;
    return vi.spyOn(StatementSync.prototype, method).mockImplementation(function counted(
      this: StatementSync,
      ...args: unknown[]
    ) {
      if (!this.sourceSQL.includes('audit')) count++;
      return original.apply(this, args) as never;
    } as never);
  });
  const exec = DatabaseSync.prototype.exec;
  const spy = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function counted(
    this: DatabaseSync,
    sql: string,
  ) {
    count++;
    exec.call(this, sql);
  });
  try {
    await work();
    return count;
  } finally {
    for (const one of [...spies, spy]) one.mockRestore();
  }
}
