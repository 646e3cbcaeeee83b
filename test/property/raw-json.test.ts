import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detachBody, elementsOf, memberOf } from '../../src/wire/raw-json.ts';
import { bytesOf, textOf } from '../support/calls.ts';
import { jsonText, members } from '../support/json-text.ts';

const parse = (text: string): unknown => JSON.parse(text);

describe('extents in JSON text', () => {
  it('of elements hold the very text of each', () => {
    fc.assert(
      fc.property(fc.array(jsonText()), fc.constantFrom('', ' ', '\n\t'), (elements, gap) => {
        const text = `${gap}[${elements.map((element) => gap + element + gap).join(',')}${gap}]${gap}`;
        const bytes = bytesOf(text);

        const extents = elementsOf(bytes, 0);

        expect(extents.map(({ start, end }) => textOf(bytes.subarray(start, end)))).toEqual(
          elements,
        );
      }),
    );
  });

  it('of arbitrary arrays parse to what `JSON.parse` finds in the whole', () => {
    fc.assert(
      fc.property(
        jsonText().filter((text) => Array.isArray(parse(text))),
        (text) => {
          const bytes = bytesOf(text);

          const found = elementsOf(bytes, 0).map(({ start, end }) =>
            parse(textOf(bytes.subarray(start, end))!),
          );

          expect(found).toEqual(parse(text));
        },
      ),
    );
  });

  it('of members hold the last value of that name', () => {
    fc.assert(
      fc.property(members, fc.nat(), (list, which) => {
        const bytes = bytesOf(`{${list.map(([key, value]) => `${key}: ${value}`).join(' ,')} }`);
        const names = list.map(([key]) => parse(key));
        const picked = String(names[which % names.length] ?? 'body');
        const name = /^[ -~]*$/.test(picked) ? picked : 'body';

        const found = memberOf(bytes, 0, name);

        const expected = list.at(names.lastIndexOf(name))?.[1];
        expect(found && textOf(bytes.subarray(found.start, found.end))).toBe(
          names.includes(name) ? expected : null,
        );
      }),
    );
  });

  it('leave the rest of an object whole when its body is detached', () => {
    fc.assert(
      fc.property(members, jsonText(), fc.nat(), (list, body, at) => {
        const written = list.map(([key, value]) => `${key}:${value}`);
        written.splice(at % (list.length + 1), 0, `"b\\u006fdy" :\t${body}`);
        const text = `{${written.join(',')}}`;
        const expected = parse(text) as Record<string, unknown>;
        const isLast = list.every(([key]) => parse(key) !== 'body');

        const { value, body: raw } = detachBody(bytesOf(text), { start: 0, end: text.length * 3 });

        if (isLast) expect(textOf(raw)).toBe(body);
        expect({ ...(value as object), body: parse(textOf(raw)!) }).toEqual(expected);
      }),
    );
  });
});

describe('text that is not JSON', () => {
  it('is refused, whatever it is, or else it parses', () => {
    const damaged = fc
      .tuple(jsonText(), fc.nat(), fc.constantFrom('', '"', '}', ']', ',', ':', '\\', '\0', 'x'))
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        // Half a surrogate pair has no UTF-8.
        return `{"a":${text.slice(0, place)}${mark}${text.slice(place + 1)}}`.toWellFormed();
      });
    fc.assert(
      fc.property(damaged, (text) => {
        const bytes = bytesOf(text);
        let value: unknown;
        try {
          ({ value } = detachBody(bytes, { start: 0, end: bytes.length }));
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          return;
        }

        // Only a body goes unjudged, and there is none under that very name.
        expect(value).toEqual(parse(text));
      }),
    );
  });
});
