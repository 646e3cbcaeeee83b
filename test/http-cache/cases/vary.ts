import { expect } from 'vitest';
import {
  fetched,
  reused,
  says,
  unmodified,
  validated,
  wait,
  type Case,
  type Details,
} from '../case.ts';

const asking = (headers: Record<string, string>): Details => ({ headers });
const json = asking({ accept: 'application/json' });
const html = asking({ accept: 'text/html' });

/** Which requests a kept response is for (RFC 9111, 4.1). */
export const vary: Case[] = [
  {
    name: '9111 4.1: reused where the field is the same',
    required: false,
    answers: [says('max-age=60', { vary: 'accept' })],
    steps: [fetched(json), reused(1, json)],
  },
  {
    name: '9111 4.1: not reused where the field is another',
    required: true,
    answers: [says('max-age=60', { vary: 'accept' })],
    steps: [fetched(json), fetched(html)],
  },
  {
    name: '9111 4.1: variants are kept side by side',
    required: false,
    answers: [says('max-age=60', { vary: 'accept' })],
    steps: [fetched(json), fetched(html), reused(1, json), reused(2, html), reused(1, json)],
  },
  {
    name: '9111 4.1: a field that only the later request lacks does not match',
    required: true,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [fetched(asking({ 'x-kind': 'a' })), fetched()],
  },
  {
    name: '9111 4.1: a field that only the earlier request lacked does not match',
    required: true,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [fetched(), fetched(asking({ 'x-kind': 'a' }))],
  },
  {
    name: '9111 4.1: an empty field is another than none',
    required: true,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [fetched(), fetched(asking({ 'x-kind': '' }))],
  },
  {
    name: '9111 4.1: a field that both lack matches',
    required: false,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 4.1: of several fields all must be the same',
    required: true,
    answers: [says('max-age=60', { vary: 'accept, x-kind' })],
    steps: [
      fetched(asking({ accept: 'text/html', 'x-kind': 'a' })),
      fetched(asking({ accept: 'text/html', 'x-kind': 'b' })),
      fetched(asking({ accept: 'text/plain', 'x-kind': 'a' })),
      fetched(asking({ accept: 'text/html' })),
    ],
  },
  {
    name: '9111 4.1: reused where all of several fields are the same',
    required: false,
    answers: [says('max-age=60', { vary: 'accept, x-kind' })],
    steps: [
      fetched(asking({ accept: 'text/html', 'x-kind': 'a' })),
      reused(1, asking({ 'x-kind': 'a', accept: 'text/html' })),
    ],
  },
  {
    name: '9111 4.1: fields that Vary does not name do not matter',
    required: false,
    answers: [says('max-age=60', { vary: 'accept' })],
    steps: [
      fetched(asking({ accept: 'text/html', 'x-kind': 'a' })),
      reused(1, asking({ accept: 'text/html', 'x-kind': 'b' })),
    ],
  },
  {
    name: '9111 4.1: a field that is named before a value is not taken for it',
    required: true,
    answers: [says('max-age=60', { vary: 'x-a, x-b' })],
    steps: [
      fetched(asking({ 'x-a': '1', 'x-b': '2' })),
      fetched(asking({ 'x-a': '2', 'x-b': '1' })),
      fetched(asking({ 'x-a': '1,2' })),
    ],
  },
  {
    name: '9110 12.5.5: the names in Vary are recognised in any case',
    required: true,
    answers: [says('max-age=60', { vary: 'ACCEPT ,\tX-Kind' })],
    steps: [fetched(json), fetched(html), fetched(asking({ 'x-kind': 'a' }))],
  },
  {
    name: '9111 4.1: Vary: * never matches',
    required: true,
    answers: [says('max-age=60', { vary: '*' })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 4.1: * among the names never matches',
    required: true,
    answers: [says('max-age=60', { vary: 'accept, *' })],
    steps: [fetched(json), fetched(json)],
  },
  {
    name: '9111 4.1: values are compared to the letter',
    required: false,
    answers: [says('max-age=60', { vary: 'accept-language' })],
    steps: [
      fetched(asking({ 'accept-language': 'de, en' })),
      fetched(asking({ 'accept-language': 'de,en' })),
      fetched(asking({ 'accept-language': 'DE, EN' })),
    ],
  },
  {
    name: '9111 4.1: a field given in two lines is the same in one',
    required: false,
    answers: [says('max-age=60', { vary: 'x-kind' })],
    steps: [
      fetched({
        init: {
          headers: [
            ['x-kind', 'a'],
            ['x-kind', 'b'],
          ],
        },
        sent: { 'x-kind': 'a, b' },
      }),
      reused(1, asking({ 'x-kind': 'a, b' })),
    ],
  },
  {
    name: '9111 4.1: what a script can not see is validated: Vary: Cookie',
    required: true,
    answers: [says('max-age=60', { vary: 'cookie', etag: '"a"' }), unmodified({ etag: '"a"' })],
    steps: [
      fetched(),
      validated(1, { 'if-none-match': '"a"' }),
      validated(1, { 'if-none-match': '"a"' }),
    ],
  },
  {
    name: '9111 4.1: what a script can not see is asked for: Vary: Cookie without validator',
    required: true,
    answers: [says('max-age=60', { vary: 'Accept, Cookie' })],
    steps: [fetched(), fetched()],
  },
  {
    name: '9111 4.1: what the platform sends by itself is the same each time',
    required: false,
    answers: [says('max-age=60', { vary: 'user-agent, accept-encoding, origin' })],
    steps: [fetched(), reused(1)],
  },
  {
    name: '9111 4.1: Vary: Authorization keeps one from the other',
    required: true,
    answers: [says('max-age=60', { vary: 'authorization' })],
    steps: [
      fetched(asking({ authorization: 'Bearer a' })),
      fetched(asking({ authorization: 'Bearer b' })),
      fetched(),
    ],
  },
  {
    name: '9111 4.1: variants grow stale one by one',
    required: true,
    answers: [says('max-age=60', { vary: 'accept' })],
    steps: [fetched(json), wait(30), fetched(html), wait(30), fetched(json), reused(2, html)],
  },
  {
    name: '9111 4.1: a variant is validated with its own tag',
    required: true,
    answers: [
      says('max-age=10', { vary: 'accept', etag: '"json"' }),
      says('max-age=10', { vary: 'accept', etag: '"html"' }),
      (seen) => unmodified({ etag: seen.headers.get('if-none-match') }),
    ],
    steps: [
      fetched(json),
      fetched(html),
      wait(20),
      validated(1, { 'if-none-match': expect.stringContaining('"json"') }, json),
      validated(2, { 'if-none-match': expect.stringContaining('"html"') }, html),
    ],
  },
];
