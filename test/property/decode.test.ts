import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBuffered, decodeLine, type Decoded } from '../../src/wire/decode.ts';
import { encodeAnswer, encodePart } from '../../src/wire/encode-part.ts';
import { createLineSplitter } from '../../src/wire/split.ts';
import { bytesOf } from '../support/calls.ts';
import {
  cut,
  endpointAnswers,
  hand,
  places,
  writePart,
  type EndpointAnswer,
} from '../support/parts.ts';

const statsLine = '{"stats":{"total":3,"durationMs":1.5}}\n';

function decodeChunks(chunks: Iterable<Uint8Array>): Decoded[] {
  const splitter = createLineSplitter();
  const lines = [...chunks].flatMap((chunk) => splitter.push(chunk));
  return [...lines, splitter.rest()].filter((line) => line.length > 0).map(decodeLine);
}

const encode = ({ id, status, headers, raw }: EndpointAnswer): string =>
  encodePart(id, encodeAnswer(status, headers, raw ?? ''));

/** What must come out, in a form that shows bytes, header order left aside. */
const shown = (parts: readonly (Decoded | EndpointAnswer)[]): unknown[] =>
  parts.map((part) => {
    if ('kind' in part && part.kind !== 'part') return part;
    const { id, status, headers, body } = part;
    const fields = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
    return { id, status, fields, body: body && Buffer.from(body).toString('latin1') };
  });

const stats = { kind: 'stats', stats: { total: 3, durationMs: 1.5 } };

describe('a streamed answer', () => {
  it('comes out as it went in, wherever its chunks are cut', () => {
    fc.assert(
      fc.property(endpointAnswers(), places, (answers, cuts) => {
        const stream = bytesOf(answers.map((answer) => `${encode(answer)}\n`).join('') + statsLine);

        const decoded = decodeChunks(cut(stream, cuts));

        expect(shown(decoded)).toEqual([...shown(answers), stats]);
      }),
    );
  });

  it('comes out as it went in, cut once at every byte', () => {
    const answers = fc.sample(endpointAnswers({ minLength: 4, maxLength: 4 }), {
      numRuns: 1,
      seed: 7,
    })[0]!;
    const stream = bytesOf(answers.map((answer) => `${encode(answer)}\n\n`).join('') + statsLine);

    for (let at = 0; at <= stream.length; at++) {
      const decoded = decodeChunks([stream.subarray(0, at), stream.subarray(at)]);

      expect(shown(decoded)).toEqual([...shown(answers), stats]);
    }
  });

  it('is read whatever hand it is written in', () => {
    fc.assert(
      fc.property(endpointAnswers(), hand, places, (answers, how, cuts) => {
        const stream = bytesOf(answers.map((answer) => `${writePart(answer, how)}\n`).join('\n'));

        const decoded = decodeChunks(cut(stream, cuts));

        expect(shown(decoded)).toEqual(shown(answers));
      }),
    );
  });
});

describe('a buffered answer', () => {
  it('is read whatever hand it is written in', () => {
    const form = fc.constantFrom('stats first', 'stats last', 'no stats');
    fc.assert(
      fc.property(endpointAnswers(), hand, form, (answers, how, which) => {
        const parts = answers.map((answer) => writePart(answer, how)).join(` ,\n${how.gap}`);
        const responses = `"responses" : [${how.gap}${parts}\n]`;
        const figures = '"stats":{"total":3,"durationMs":1.5}';
        const text = {
          'stats first': `\n{${figures},${responses} }`,
          'stats last': `{"more":[{}],${responses},${figures}}\n`,
          'no stats': `{${responses}}`,
        }[which];

        const decoded = decodeBuffered(bytesOf(text));

        expect(shown(decoded)).toEqual([
          ...shown(answers),
          ...(which === 'no stats' ? [] : [stats]),
        ]);
      }),
    );
  });
});
