import type { Body, Of } from './body.ts';
import type { Random } from './random.ts';
import { measuredAt } from './series.ts';
import type { FeedWidget } from './types.ts';

const people = [
  'Maud Lindqvist',
  'Tomás Arrieta',
  'Ines Kowal',
  'Jonas Brandl',
  'Priya Nair',
  'Aoife Byrne',
  'Luca Ferri',
  'Sanne de Wit',
] as const;

type Story = readonly [text: string, tone: 'good' | 'warn' | 'plain'];

const stories: Record<'orders' | 'deploys' | 'inbox', readonly [Story, ...Story[]]> = {
  orders: [
    ['ordered a Ridge 2 tent and two sleeping mats', 'plain'],
    ['ordered Scree trail boots, size 42', 'plain'],
    ['paid for a Nimbus shell by bank transfer', 'good'],
    ['sent back a Lichen fleece: too small', 'warn'],
    ['ordered an Ember stove with four canisters', 'plain'],
    ['picked up a Cairn 38 pack from the locker', 'good'],
  ],
  deploys: [
    ['released storefront 418 to all regions', 'good'],
    ['rolled back search 96: slow facets', 'warn'],
    ['released checkout 203 to ten percent', 'plain'],
    ['moved accounts to the new cluster', 'good'],
    ['paused the price import for a schema change', 'warn'],
    ['released webhooks 57 to all regions', 'plain'],
  ],
  inbox: [
    ['asks where the parcel from Lyon is', 'plain'],
    ['would like to swap boots for a larger size', 'plain'],
    ['reports a torn zip on a new jacket', 'warn'],
    ['thanks the team for the repaired tent', 'good'],
    ['was charged twice and wants a refund', 'warn'],
    ['asks whether crampons fit the Scree boots', 'plain'],
  ],
};

export function feed(recipe: Of<'feed'>, random: Random): Body<FeedWidget> {
  const told = stories[recipe.topic];
  const firstStory = random.integer(0, told.length - 1);
  const firstPerson = random.integer(0, people.length - 1);
  let minutesAgo = 0;

  return {
    items: Array.from({ length: 9 }, (_, index) => {
      minutesAgo += random.integer(1, 19);
      // In turn, not at random: chance repeats itself, and a feed that does looks broken.
      const [text, tone] = told[(firstStory + index) % told.length] ?? told[0];
      return {
        id: `${recipe.topic}-${random.integer(10_000, 99_999)}`,
        at: new Date(measuredAt - minutesAgo * 60_000).toISOString(),
        actor: people[(firstPerson + index * 3) % people.length] ?? people[0],
        text,
        tone,
      };
    }),
  };
}
