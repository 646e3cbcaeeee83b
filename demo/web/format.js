/** @import { Unit } from '../server/widgets/types.ts' */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
});

const suffixes = { eur: '', count: '', percent: ' %', ms: ' ms', hours: ' h', score: '' };

/**
 * A figure as it is read, with its unit.
 *
 * @param {number} value
 * @param {Unit} unit
 */
export function figure(value, unit) {
  const number = Math.abs(value) >= 100 ? whole.format(value) : oneDecimal.format(value);
  return `${unit === 'eur' ? '€' : ''}${number}${suffixes[unit]}`;
}

/**
 * The same in few characters, for axes and narrow columns.
 *
 * @param {number} value
 * @param {Unit} unit
 */
export function shortFigure(value, unit) {
  return `${unit === 'eur' ? '€' : ''}${compact.format(value)}${suffixes[unit]}`;
}

/** @param {number} value percent */
export function signed(value) {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  return `${sign}${Math.abs(value).toFixed(1)} %`;
}

/** @param {string} at RFC 3339 */
export function time(at) {
  return clock.format(new Date(at));
}

/** @param {number} ms */
export function milliseconds(ms) {
  return ms < 10 ? `${oneDecimal.format(ms)} ms` : `${whole.format(ms)} ms`;
}

/** @param {number} bytes */
export function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
