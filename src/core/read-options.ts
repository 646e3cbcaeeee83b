import { section } from './checks.ts';

type ValueOf<Options, Name> = Name extends keyof Options
  ? Exclude<Options[Name], undefined>
  : never;

type Row<Given, Used> = readonly [byDefault: Given, check: (value: Given, name: string) => Used];

/** For each option its default, and the check that makes of a value what is used; it is told the option's name. */
export type OptionTable<Options, Used> = {
  readonly [Name in keyof Used]: Row<ValueOf<Options, Name>, Used[Name]>;
};

/**
 * Reads options: fills in defaults, also where undefined is given, and checks each value. One that the table
 * doesn't have is refused: a misspelt one would be of no effect.
 *
 * @param where the option that these are members of; empty for the whole.
 * @param also what else would be right than an object; the error says it.
 * @throws TypeError or RangeError naming the option and the value received.
 */
export function readOptions<
  Options extends object,
  Used extends Readonly<Record<keyof Options, unknown>>,
>(given: Options, where: string, also: string, table: OptionTable<Options, Used>): Used {
  const values = given as Readonly<Record<string, unknown>>;
  // Row by row their types differ; they are for those who write tables.
  const rows = table as unknown as Readonly<Record<string, Row<unknown, unknown>>>;
  section(given, where || 'the options', Object.keys(rows).join(', '), also);
  const used = Object.entries(rows).map(([name, [byDefault, check]]) => {
    const { [name]: value = byDefault } = values;
    return [name, check(value, where ? `${where}.${name}` : name)];
  });
  return Object.fromEntries(used) as Used;
}
