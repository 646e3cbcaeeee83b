const time = '(\\d\\d:\\d\\d:\\d\\d)';
const imf = new RegExp(`^[A-Z][a-z]{2}, (\\d\\d [A-Z][a-z]{2} \\d{4}) ${time} GMT$`, 'i');
const rfc850 = new RegExp(`^[A-Z][a-z]+day, (\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${time} GMT$`, 'i');
const asctime = new RegExp(`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \\d]\\d) ${time} (\\d{4})$`, 'i');

/** A date of a two-digit year: one that seems to lie over fifty years ahead is of the last century. */
function parseShortYear(day: string, year: string, at: string): number {
  const ahead = new Date();
  ahead.setUTCFullYear(ahead.getUTCFullYear() + 50);
  const date = Date.parse(`${day} 20${year} ${at} GMT`);
  return date > ahead.getTime() ? Date.parse(`${day} 19${year} ${at} GMT`) : date;
}

/**
 * Reads an HTTP-date in any of its three forms, as milliseconds since the epoch; NaN for anything else.
 * `Date.parse` alone takes much that is none, and reads asctime's as local time.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string): number {
  const [, date, at] = imf.exec(text) ?? [];
  if (date) return Date.parse(`${date} ${at!} GMT`);
  const [, day, month, year, then] = rfc850.exec(text) ?? [];
  if (day) return parseShortYear(`${day} ${month!}`, year!, then!);
  const [, name, number, when, full] = asctime.exec(text) ?? [];
  return name ? Date.parse(`${number!.trim()} ${name} ${full!} ${when!} GMT`) : NaN;
}
