import type { Meta, Transact } from './indexeddb.ts';
import { readPage } from './transactions.ts';

/** Reads one page: what gives its rows' responses; undefined if it has gone. */
export type ReadPage = (page: string) => ReturnType<typeof readPage>;

/**
 * Creates the reader of pages. What is asked for in one task is read in one transaction, each page once;
 * what the tabs agree on is read with it, and `catchUp` told, before any page is handed out.
 *
 * @throws (from a read) what IndexedDB says, or an Error of any kind if the page is not what was written.
 */
export function createReader(transact: Transact, catchUp: (meta: Meta) => void): ReadPage {
  let current: Promise<ReadPage> | undefined;

  const start = (first: string): Promise<ReadPage> => {
    const mine: Promise<ReadPage> = new Promise((resolve, reject) => {
      void transact('readonly', async (records) => {
        const asked = new Map<string, ReturnType<ReadPage>>();
        const meta = records.meta().then(catchUp);
        const ask: ReadPage = (page) => {
          let answer = asked.get(page);
          if (!answer) {
            const read = readPage(records, page);
            // Heard of below, when what the tabs agree on has come.
            read.catch(() => {});
            asked.set(page, (answer = meta.then(() => read)));
          }
          return answer;
        };
        // On its way before anybody waits for it.
        ask(first).catch(() => {});
        resolve(ask);
        await meta;
        await Promise.allSettled(asked.values());
      })
        .catch(reject)
        .finally(() => {
          if (current === mine) current = undefined;
        });
    });
    return mine;
  };

  return async function read(page) {
    const mine = (current ??= start(page));
    try {
      return await (
        await mine
      )(page);
    } catch (error) {
      // The transaction was that of an earlier moment.
      if ((error as Error).name !== 'TransactionInactiveError') throw error;
      if (current === mine) current = undefined;
      return read(page);
    }
  };
}
