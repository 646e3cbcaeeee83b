import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted, in Prometheus' terms; each server has a registry of its own. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'route' | 'method' | 'status' | 'via'>;
  readonly latency: Histogram<'route' | 'method' | 'via'>;
  readonly batchSize: Histogram<'shape'>;
  readonly items: Counter<'outcome'>;
  readonly deduplicated: Counter;
  readonly cache: Counter<'cache' | 'outcome'>;
  readonly limited: Counter<'limit'>;
  readonly jobs: Counter<'name' | 'state'>;
  readonly jobsWaiting: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests that were answered, alone or as items of batches',
      labelNames: ['route', 'method', 'status', 'via'],
      registers,
    }),
    latency: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long answers took',
      labelNames: ['route', 'method', 'via'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    batchSize: new Histogram({
      name: 'batch_items',
      help: 'How many items batches had',
      labelNames: ['shape'],
      buckets: [1, 2, 5, 10, 20, 50, 100],
      registers,
    }),
    items: new Counter({
      name: 'batch_items_total',
      help: 'Items of batches, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    deduplicated: new Counter({
      name: 'batch_items_deduplicated_total',
      help: 'Items of batches that shared the answer of another',
      registers,
    }),
    cache: new Counter({
      name: 'cache_lookups_total',
      help: 'Look-ups in caches, by what they found',
      labelNames: ['cache', 'outcome'],
      registers,
    }),
    limited: new Counter({
      name: 'rate_limited_total',
      help: 'Requests that were refused for their number',
      labelNames: ['limit'],
      registers,
    }),
    jobs: new Counter({
      name: 'jobs_total',
      help: 'Jobs, by how they ended',
      labelNames: ['name', 'state'],
      registers,
    }),
    jobsWaiting: new Gauge({
      name: 'jobs_waiting',
      help: 'Jobs that wait or run',
      registers,
    }),
  };
}
