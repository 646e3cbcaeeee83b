import { withNullBody } from '../known.ts';
import type { ParityCase } from '../parity-case.ts';
import { reply } from '../../support/reply.ts';

const withBody = [
  200, 201, 202, 203, 206, 207, 208, 226, 300, 400, 401, 402, 403, 404, 405, 406, 409, 410, 411,
  412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 500, 501,
  502, 503, 504, 505, 506, 507, 508, 510, 511,
];

export const statuses: readonly ParityCase[] = [
  ...withBody.map((status) => ({
    name: `status ${String(status)}`,
    args: () =>
      [reply({ status, text: '{"n":1}', headers: [['content-type', 'application/json']] })] as [
        string,
      ],
  })),
  ...[204, 205, 304].map((status) => ({
    name: `status ${String(status)}, which has no body`,
    args: () => [reply({ status, headers: [['etag', '"v1"']] })] as [string],
    differs: withNullBody,
  })),
  {
    name: 'a status that has no registered phrase',
    args: () => [reply({ status: 299, text: 'hm' })],
  },
  {
    name: 'status 201 with a Location, which is not followed',
    args: () => [reply({ status: 201, headers: [['location', '/t/echo/new']] })],
  },
  {
    name: 'status 300 with a Location, which is not followed',
    args: () => [reply({ status: 300, headers: [['location', '/t/echo/choice']] })],
  },
  {
    name: 'status 401 with a challenge',
    args: () => [reply({ status: 401, headers: [['www-authenticate', 'Bearer realm="t"']] })],
  },
  {
    name: 'status 429 with Retry-After',
    args: () => [reply({ status: 429, headers: [['retry-after', '3']], text: 'slow down' })],
  },
  {
    name: 'a reason phrase of the server’s own',
    args: () => [reply({ statusText: 'Fine', text: 'x' })],
    see: (response) => [response.status, response.statusText],
    differs: { by: 'network', as: () => [200, 'OK'] },
  },
];
