/** How a figure is to be written: the server sends bare numbers, the page formats them. */
export type Unit = 'eur' | 'count' | 'percent' | 'ms' | 'hours' | 'score';

export interface Point {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly value: number;
}

interface WidgetHead {
  readonly id: number;
  readonly title: string;
  readonly subtitle: string;
}

export interface KpiWidget extends WidgetHead {
  readonly kind: 'kpi';
  readonly unit: Unit;
  readonly value: number;
  /** Percent, against the period before. */
  readonly change: number;
  /** Which direction is good news: fewer refunds are, fewer orders aren't. */
  readonly better: 'up' | 'down';
  readonly series: readonly Point[];
}

export interface LineWidget extends WidgetHead {
  readonly kind: 'line';
  readonly unit: Unit;
  readonly lines: readonly { readonly name: string; readonly points: readonly Point[] }[];
}

export interface BarWidget extends WidgetHead {
  readonly kind: 'bar';
  readonly unit: Unit;
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    readonly previous: number;
    /** Percent, against `previous`. */
    readonly change: number;
    readonly weeks: readonly number[];
  }[];
}

export interface TableWidget extends WidgetHead {
  readonly kind: 'table';
  readonly columns: readonly { readonly label: string; readonly unit: Unit }[];
  readonly rows: readonly {
    readonly name: string;
    readonly note: string;
    /** One figure a column. */
    readonly values: readonly number[];
    readonly change: number;
    /** The first column's figure over thirteen weeks, oldest first. */
    readonly weeks: readonly number[];
  }[];
}

export interface FeedWidget extends WidgetHead {
  readonly kind: 'feed';
  readonly items: readonly {
    readonly id: string;
    readonly at: string;
    readonly actor: string;
    readonly text: string;
    readonly tone: 'good' | 'warn' | 'plain';
  }[];
}

export type Health = 'operational' | 'degraded' | 'down';

export interface StatusWidget extends WidgetHead {
  readonly kind: 'status';
  readonly services: readonly {
    readonly name: string;
    readonly health: Health;
    /** Percent over thirty days. */
    readonly uptime: number;
    readonly latencyMs: number;
    readonly checkedAt: string;
    /** One mark a day, oldest first: 0 fine, 1 degraded, 2 down. */
    readonly days: readonly (0 | 1 | 2)[];
  }[];
}

export interface RegionsWidget extends WidgetHead {
  readonly kind: 'regions';
  readonly unit: Unit;
  readonly regions: readonly {
    /** ISO 3166-1 alpha-2. */
    readonly code: string;
    readonly name: string;
    readonly value: number;
    /** Percent of the whole. */
    readonly share: number;
    readonly change: number;
  }[];
}

export interface DonutWidget extends WidgetHead {
  readonly kind: 'donut';
  readonly unit: Unit;
  readonly total: number;
  readonly segments: readonly {
    readonly label: string;
    readonly value: number;
    readonly share: number;
    readonly change: number;
    readonly weeks: readonly number[];
  }[];
}

export type Widget =
  | KpiWidget
  | LineWidget
  | BarWidget
  | TableWidget
  | FeedWidget
  | StatusWidget
  | RegionsWidget
  | DonutWidget;
