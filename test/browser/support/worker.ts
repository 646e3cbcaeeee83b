import { createCarpool } from '../../../src/index.ts';

// A module worker: no document, no window. It calls each URL that it is told, all at once.
addEventListener('message', ({ data }: MessageEvent<{ endpoint: string; urls: string[] }>) => {
  const carpool = createCarpool({ endpoint: data.endpoint });
  const call = async (url: string): Promise<unknown> => {
    const response = await carpool.fetch(url);
    const { status, url: finalUrl, type } = response;
    return { status, url: finalUrl, type, body: await response.json() };
  };
  void Promise.all(data.urls.map(call)).then((answers) => {
    postMessage({ answers, stats: carpool.stats() });
  });
});
