import type { Unit } from './types.ts';

/** What a widget shows; the figures come from its id. */
export type Recipe =
  | {
      kind: 'kpi';
      title: string;
      subtitle: string;
      unit: Unit;
      base: number;
      swing: number;
      better: 'up' | 'down';
    }
  | {
      kind: 'line';
      title: string;
      subtitle: string;
      unit: Unit;
      base: number;
      swing: number;
      names: readonly [string, string];
    }
  | {
      kind: 'bar' | 'donut';
      title: string;
      subtitle: string;
      unit: Unit;
      base: number;
      labels: readonly string[];
    }
  | {
      kind: 'table';
      title: string;
      subtitle: string;
      columns: readonly { label: string; unit: Unit; base: number }[];
      rows: readonly (readonly [name: string, note: string])[];
    }
  | { kind: 'feed'; title: string; subtitle: string; topic: 'orders' | 'deploys' | 'inbox' }
  | { kind: 'status'; title: string; subtitle: string; services: readonly string[] }
  | { kind: 'regions'; title: string; subtitle: string; unit: Unit; base: number };

const today = 'Last 30 hours';

/** The forty-two widgets of an outdoor-gear shop; widget `n` is entry `n - 1`. */
export const catalogue: readonly Recipe[] = [
  // prettier-ignore
  ...([
    ['Revenue', 'eur', 48_200, 0.18, 'up'],
    ['Orders', 'count', 612, 0.2, 'up'],
    ['Average order', 'eur', 79, 0.08, 'up'],
    ['Conversion rate', 'percent', 3.4, 0.12, 'up'],
    ['Sessions', 'count', 18_400, 0.25, 'up'],
    ['Returning customers', 'percent', 41, 0.06, 'up'],
    ['Refund rate', 'percent', 2.1, 0.15, 'down'],
    ['Units in stock', 'count', 26_900, 0.05, 'up'],
    ['On-time delivery', 'percent', 94.6, 0.02, 'up'],
    ['API latency, p95', 'ms', 182, 0.2, 'down'],
    ['Error rate', 'percent', 0.4, 0.4, 'down'],
    ['Support backlog', 'count', 37, 0.3, 'down'],
    ['Customer satisfaction', 'score', 4.6, 0.03, 'up'],
    ['New sign-ups', 'count', 284, 0.22, 'up'],
  ] as const).map(([title, unit, base, swing, better]) => ({
    kind: 'kpi' as const, title, subtitle: today, unit, base, swing, better,
  })),

  {
    kind: 'line',
    title: 'Revenue',
    subtitle: 'Per hour, against the day before',
    unit: 'eur',
    base: 2_010,
    swing: 0.42,
    names: ['Today', 'Yesterday'],
  },
  {
    kind: 'line',
    title: 'Orders',
    subtitle: 'Per hour, by channel',
    unit: 'count',
    base: 26,
    swing: 0.45,
    names: ['Web shop', 'Marketplaces'],
  },
  {
    kind: 'line',
    title: 'Sessions',
    subtitle: 'Per hour, by device',
    unit: 'count',
    base: 760,
    swing: 0.4,
    names: ['Mobile', 'Desktop'],
  },
  {
    kind: 'line',
    title: 'Request latency',
    subtitle: 'Storefront API, milliseconds',
    unit: 'ms',
    base: 120,
    swing: 0.3,
    names: ['p95', 'p50'],
  },
  {
    kind: 'line',
    title: 'Time to deliver',
    subtitle: 'Hours from order to door',
    unit: 'hours',
    base: 41,
    swing: 0.2,
    names: ['Standard', 'Express'],
  },
  {
    kind: 'line',
    title: 'Sign-ups',
    subtitle: 'Per hour, by source',
    unit: 'count',
    base: 14,
    swing: 0.5,
    names: ['Organic', 'Paid'],
  },

  {
    kind: 'bar',
    title: 'Revenue by category',
    subtitle: 'This week',
    unit: 'eur',
    base: 38_000,
    labels: ['Tents', 'Boots', 'Packs', 'Jackets', 'Cooking', 'Climbing'],
  },
  {
    kind: 'bar',
    title: 'Orders by weekday',
    subtitle: 'Four-week average',
    unit: 'count',
    base: 640,
    labels: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  },
  {
    kind: 'bar',
    title: 'Stock cover',
    subtitle: 'Hours of demand, by warehouse',
    unit: 'hours',
    base: 310,
    labels: ['Antwerp', 'Lyon', 'Gdańsk', 'Malmö', 'Graz', 'Porto'],
  },
  {
    kind: 'bar',
    title: 'Tickets by topic',
    subtitle: 'This week',
    unit: 'count',
    base: 84,
    labels: ['Delivery', 'Returns', 'Sizing', 'Payment', 'Warranty', 'Other'],
  },
  {
    kind: 'bar',
    title: 'Returns by reason',
    subtitle: 'This week',
    unit: 'count',
    base: 52,
    labels: ['Too small', 'Too large', 'Colour', 'Damaged', 'Late', 'Other'],
  },

  {
    kind: 'table',
    title: 'Best sellers',
    subtitle: 'Today',
    columns: [
      { label: 'Sold', unit: 'count', base: 46 },
      { label: 'Revenue', unit: 'eur', base: 3_900 },
    ],
    rows: [
      ['Ridge 2 tent', 'Tents'],
      ['Scree trail boots', 'Boots'],
      ['Cairn 38 pack', 'Packs'],
      ['Nimbus shell', 'Jackets'],
      ['Ember stove', 'Cooking'],
      ['Tarn sleeping mat', 'Sleeping'],
      ['Lichen fleece', 'Jackets'],
      ['Gully crampons', 'Climbing'],
    ],
  },
  {
    kind: 'table',
    title: 'Running low',
    subtitle: 'Below two days of demand',
    columns: [
      { label: 'Left', unit: 'count', base: 18 },
      { label: 'Cover', unit: 'hours', base: 29 },
    ],
    rows: [
      ['Fern gas canister', 'Cooking'],
      ['Cairn 38 pack', 'Packs'],
      ['Moraine gaiters', 'Boots'],
      ['Tarn sleeping mat', 'Sleeping'],
      ['Heath head torch', 'Lighting'],
      ['Beck water filter', 'Cooking'],
      ['Ridge tent pegs', 'Tents'],
      ['Fell map case', 'Navigation'],
    ],
  },
  {
    kind: 'table',
    title: 'Wholesale accounts',
    subtitle: 'This quarter',
    columns: [
      { label: 'Orders', unit: 'count', base: 21 },
      { label: 'Revenue', unit: 'eur', base: 18_400 },
    ],
    rows: [
      ['Alpenhof Sport', 'Innsbruck'],
      ['Nordkette Outlet', 'Hall'],
      ['Casa Montaña', 'Bilbao'],
      ['Sentier & Fils', 'Chamonix'],
      ['Fjellbua', 'Voss'],
      ['Hoher Göll', 'Salzburg'],
      ['Peak & Pass', 'Keswick'],
      ['Skogsliv', 'Östersund'],
    ],
  },
  {
    kind: 'table',
    title: 'Slowest endpoints',
    subtitle: 'Last hour, p95',
    columns: [
      { label: 'Calls', unit: 'count', base: 5_200 },
      { label: 'p95', unit: 'ms', base: 420 },
    ],
    rows: [
      ['GET /search', 'catalogue'],
      ['POST /checkout', 'orders'],
      ['GET /recommendations', 'catalogue'],
      ['POST /returns', 'orders'],
      ['GET /accounts/:id', 'accounts'],
      ['PUT /cart', 'orders'],
      ['GET /stock', 'warehouse'],
      ['GET /prices', 'catalogue'],
    ],
  },
  {
    kind: 'table',
    title: 'Campaigns',
    subtitle: 'This month',
    columns: [
      { label: 'Clicks', unit: 'count', base: 6_400 },
      { label: 'Revenue', unit: 'eur', base: 11_900 },
    ],
    rows: [
      ['Spring trails', 'Newsletter'],
      ['Second skin', 'Search'],
      ['Repair, not replace', 'Social'],
      ['First hut tour', 'Newsletter'],
      ['Light and fast', 'Search'],
      ['Trade-in weeks', 'Partners'],
      ['Summit club', 'Newsletter'],
      ['Dry feet', 'Social'],
    ],
  },

  { kind: 'feed', title: 'Recent orders', subtitle: 'All channels', topic: 'orders' },
  { kind: 'feed', title: 'Deployments', subtitle: 'Production', topic: 'deploys' },
  { kind: 'feed', title: 'Support inbox', subtitle: 'Waiting for a reply', topic: 'inbox' },

  {
    kind: 'status',
    title: 'Service health',
    subtitle: 'Thirty days',
    services: ['Storefront', 'Search', 'Checkout', 'Accounts', 'Warehouse API', 'Webhooks'],
  },
  {
    kind: 'status',
    title: 'Carriers',
    subtitle: 'Pick-ups on schedule',
    services: ['Road freight', 'Parcel north', 'Parcel south', 'Bike courier', 'Lockers', 'Air'],
  },
  {
    kind: 'status',
    title: 'Payment providers',
    subtitle: 'Authorisations',
    services: ['Cards', 'Bank transfer', 'Wallets', 'Invoice', 'Instalments', 'Gift cards'],
  },

  {
    kind: 'regions',
    title: 'Orders by country',
    subtitle: 'Last 7 days',
    unit: 'count',
    base: 420,
  },
  {
    kind: 'regions',
    title: 'Sessions by country',
    subtitle: 'Last 7 days',
    unit: 'count',
    base: 9_100,
  },
  {
    kind: 'regions',
    title: 'Delivery time by country',
    subtitle: 'Hours, median',
    unit: 'hours',
    base: 38,
  },

  {
    kind: 'donut',
    title: 'Payment methods',
    subtitle: 'Share of orders, today',
    unit: 'count',
    base: 120,
    labels: ['Cards', 'Wallets', 'Bank transfer', 'Invoice', 'Gift cards'],
  },
  {
    kind: 'donut',
    title: 'Traffic sources',
    subtitle: 'Share of sessions, today',
    unit: 'count',
    base: 3_600,
    labels: ['Search', 'Direct', 'Newsletter', 'Social', 'Partners'],
  },
  {
    kind: 'donut',
    title: 'Devices',
    subtitle: 'Share of sessions, today',
    unit: 'count',
    base: 4_400,
    labels: ['Phone', 'Laptop', 'Tablet', 'Desktop', 'Other'],
  },
];

/** Where widgets beyond the catalogue come from: the same forty-two again, market by market. */
export const markets: readonly string[] = [
  'All markets',
  'Alps',
  'Nordics',
  'British Isles',
  'Iberia',
  'Benelux',
  'Baltics',
];
