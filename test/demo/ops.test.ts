import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { aDemoServer } from '../support/a-demo-server.ts';
import { programs } from '../../scripts/browser.ts';

const folder = fileURLToPath(new URL('../../demo/ops/', import.meta.url));
const read = (name: string): string => readFileSync(folder + name, 'utf8');

/** The metrics that an expression asks for: names with a selector behind them. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/([a-z]\w+)\{/g)].map(([, name]) => name!).filter((name) => name !== 'up');

/** The series that the server has, or will have once there is something to count. */
async function seriesOf(): Promise<Set<string>> {
  const text = await (await aDemoServer().ask('/metrics', { as: null })).text();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name, type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name! + end) : [name!],
    ),
  );
}

describe('what is to be watched', () => {
  it.each(['alerts.yml', 'grafana.json'])('%s asks for metrics that there are', async (name) => {
    const text = name.endsWith('.json')
      ? (JSON.parse(read(name)) as { panels: { targets: { expr: string }[] }[] }).panels
          .flatMap(({ targets }) => targets.map(({ expr }) => expr))
          .join('\n')
      : read(name);
    const asked = metricsIn(text);
    const series = await seriesOf();

    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((metric) => !series.has(metric))).toEqual([]);
  });

  it('what a cache has found is a hit, a miss, or no look-up', async () => {
    const { ask, send, services } = aDemoServer();
    const requests = ['/api/widgets/1?maxAge=60', '/api/widgets/1', '/api/quotes/AAPL'].map(
      (url, id) => ({ id: String(id), method: 'GET', url }),
    );
    for (let i = 0; i < 2; i++) await send('POST', '/batch', { requests });
    await ask('/api/quotes/AAPL');
    const { values } = await services.metrics.cache.get();
    const seen = new Set(values.map(({ labels }) => String(labels.outcome)));
    const selected = (text: string, operator: string): string[] =>
      new RegExp(`outcome${operator}"([^"]+)"`).exec(text)![1]!.split('|');

    for (const name of ['alerts.yml', 'grafana.json']) {
      const text = read(name).replaceAll('\\"', '"');
      const [hits, others] = [selected(text, '=~'), selected(text, '!~')];
      const misses = [...seen].filter((outcome) => ![...hits, ...others].includes(outcome));
      expect(misses.toSorted()).toEqual(['miss', 'misses']);
    }
    expect([...seen]).toEqual(expect.arrayContaining(['hit', 'memory', 'not kept', 'writes']));
  });

  const [promtool] = programs(['promtool']);
  it
    .skipIf(!promtool)
    .each([
      [['check', 'config', 'prometheus.yml']],
      [['check', 'rules', 'alerts.yml']],
      [['test', 'rules', 'alerts.test.yml']],
    ])('promtool %j finds nothing', (args) => {
    const { status, stdout, stderr } = spawnSync(promtool!, args, {
      cwd: folder,
      encoding: 'utf8',
    });

    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({
      status: 0,
      output: '',
    });
  });
});
