import { toGrid, type Grid } from '../harness/grid.ts';
import type { Scenario } from '../harness/scenario.ts';
import { measure } from './measure.ts';
import { ours } from './names.ts';
import { bytes, readAll, requests } from './readings.ts';
import { onStage } from './stage.ts';

const plan = { ids: Array.from({ length: 20 }, (_, index) => index + 1) };

/**
 * What goes over the line for a small dashboard, as the proxy counts it: heads, frames and TLS included.
 * S4 counts what goes over it for a large one.
 */
export const weight: Scenario = (setting) =>
  onStage(setting, { rttMs: 0 }, async (stage) => {
    const names = stage.names.filter((name) => !/^window|^sequential/.test(name));
    const sections: Grid[] = [];
    for (const isCold of [true, false]) {
      const match = {
        names,
        take: { plan, cost: { itemMs: 0 }, isWeighed: true, isCold },
        reading: readAll,
        warmUps: 0,
      };
      const { samples } = await measure(stage, match, setting);
      const how = isCold ? 'the first time, connections included' : 'again';
      const title = `20 widgets, ${how}`;
      sections.push(toGrid({ title, measures: [...bytes, requests], samples, subjects: ours }));
    }
    return {
      sections,
      verdicts: [],
      notes: [
        'Compressed by gzip wherever a server may; the first time, Carpool doesn’t know yet that its endpoint takes compressed requests.',
        'Of 200 widgets, see S4.',
      ],
      versions: stage.versions,
    };
  });
