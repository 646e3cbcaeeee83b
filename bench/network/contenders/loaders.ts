import { create, keyResolver } from '@yornaath/batshit';
import DataLoader from 'dataloader';
import type { Widget } from '../widgets.ts';
import type { Contender } from './contender.ts';

async function loadAll(ids: readonly number[]): Promise<Widget[]> {
  const response = await fetch('/api/widgets/by-ids', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids }),
  });
  return (await response.json()) as Widget[];
}

/** @see https://github.com/graphql/dataloader */
export const dataloader: Contender = {
  name: 'DataLoader',
  over: 'h1',
  create() {
    const loader = new DataLoader(loadAll);
    return (id) => loader.load(id);
  },
};

/** @see https://github.com/yornaath/batshit */
export const batshit: Contender = {
  name: 'batshit',
  over: 'h1',
  create() {
    const widgets = create({ fetcher: loadAll, resolver: keyResolver('id') });
    return async (id) => {
      const widget = await widgets.fetch(id);
      if (!widget) throw new Error(`no widget ${id}`);
      return widget;
    };
  },
};
