import { fetched, reused, says, status, wait, type Case } from '../case.ts';

/** Which statuses are kept (RFC 9111, 3; RFC 9110, 15.1). */
export const statuses: Case[] = [
  ...[200, 203, 204, 300, 404, 405, 410, 414, 501].map((code): Case => ({
    name: `9110 15.1: ${String(code)} is kept for as long as max-age says`,
    required: false,
    answers: [says('max-age=60', {}, { status: code })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  })),
  ...[201, 202, 299, 302, 400, 403, 422, 500, 503, 599].map((code): Case => ({
    name: `9111 3: ${String(code)} is kept where max-age says so`,
    required: false,
    cache: { staleIfError: 0 },
    answers: [says('max-age=60', {}, { status: code })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  })),
  ...[200, 203, 204, 300, 301, 308, 410].map((code): Case => ({
    name: `9110 15.1: ${String(code)} is kept for the TTL where nothing is said`,
    required: false,
    answers: [status(code)],
    steps: [fetched(), wait(119), reused(1), wait(1), fetched()],
  })),
  ...[404, 405, 414, 501].map((code): Case => ({
    name: `9110 15.1: ${String(code)} is not kept where nothing is said, though it might be`,
    required: false,
    answers: [status(code)],
    steps: [fetched(), fetched()],
  })),
  ...[201, 202, 302, 303, 307, 400, 401, 403, 409, 418, 429, 500, 502, 503, 504].map(
    (code): Case => ({
      name: `9111 3: ${String(code)} is not kept where nothing is said`,
      required: true,
      answers: [status(code, { etag: '"a"' })],
      steps: [fetched(), fetched()],
    }),
  ),
  {
    name: '9111 5.3: Expires is enough for any status to be kept',
    required: false,
    answers: [status(403, { expires: 'Thu, 15 Jan 2026 12:01:00 GMT' })],
    steps: [fetched(), wait(59), reused(1), wait(1), fetched()],
  },
  {
    name: '9111 3: an error that is stale is not given instead of what is asked for',
    required: true,
    answers: [says('max-age=10', {}, { status: 404 }), status(200)],
    steps: [fetched(), wait(10), fetched(), reused(2)],
  },
];
