import * as fc from 'fast-check';

/** Whitespace between tokens; without line feeds where the text must stay on one line. */
const space = (oneLine: boolean): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...(oneLine ? [' ', '\t', '\r'] : [' ', '\t', '\r', '\n'])), {
      maxLength: 2,
    })
    .map((spaces) => spaces.join(''));

const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.bigInt({ min: 0n, max: 1n << 80n }).map(String), fc.constantFrom('0', '7')),
    fc.constantFrom('', '.0', '.10', '.5000'),
    fc.constantFrom('', 'e3', 'E-7', 'e+0', 'e999'),
  )
  .map((parts) => parts.join(''));

const escapes: Readonly<Record<string, string>> = { '/': '\\/', '\n': '\\n', '"': '\\"' };

/** The JSON text of a string, in one of the many spellings it has. */
const stringText = fc
  .array(
    fc.tuple(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('"', '\\', '}', 'é')),
      fc.constantFrom('plain', 'escaped', 'short'),
    ),
    { maxLength: 6 },
  )
  .map((pieces) => {
    const written = pieces.map(([text, how]) =>
      Array.from(text)
        .map((char) => {
          if (how === 'short' && char in escapes) return escapes[char]!;
          if (how === 'plain') return JSON.stringify(char).slice(1, -1);
          return [...Array(char.length).keys()]
            .map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`)
            .join('');
        })
        .join(''),
    );
    return `"${written.join('')}"`;
  });

/**
 * A member's name. None ends in a backslash: where V8 (13.6, at least) has seen `{"\\\\":1}`, it reads that name
 * in `{"\\u007d":1}`, too, and no expectation holds.
 */
const nameText = stringText.filter((text) => !(JSON.parse(text) as string).endsWith('\\'));

/** JSON text as any writer may write it: whitespace, escapes, numbers that no double holds. */
export function jsonText({ oneLine = false } = {}): fc.Arbitrary<string> {
  const gap = space(oneLine);
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('null', 'true', 'false', '""', '[]', '{}', '[ ]', '{ }'),
      number,
      stringText,
      fc
        .array(fc.tuple(gap, tie('value'), gap), { maxLength: 4 })
        .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
      fc
        .array(fc.tuple(gap, nameText, gap, gap, tie('value'), gap), { maxLength: 4 })
        .map(
          (members) =>
            `{${members.map(([a, key, b, c, value, d]) => `${a}${key}${b}:${c}${value}${d}`).join(',')}}`,
        ),
    ),
  })).value;
}

/** The same, as a value that `JSON.parse` takes, beside its text. */
export const members: fc.Arbitrary<(readonly [key: string, value: string])[]> = fc.array(
  fc.tuple(nameText, jsonText()),
  { maxLength: 6 },
);
