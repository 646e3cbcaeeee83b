import type { Answer } from './node-adapter.ts';

/** Lets pages of every origin in, with credentials, as an application's CORS middleware does. */
export const withCors =
  (answer: Answer): Answer =>
  async (request) => {
    const origin = request.headers.get('origin');
    if (origin === null) return answer(request);

    const isPreflight = request.method === 'OPTIONS';
    const asked = request.headers.get('access-control-request-headers') ?? '';
    const { body, status, statusText, headers } = isPreflight
      ? new Response(null, {
          status: 204,
          headers: {
            'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
            'access-control-allow-headers': asked,
          },
        })
      : await answer(request);
    const fields = new Headers(headers);
    fields.set('access-control-allow-origin', origin);
    fields.set('access-control-allow-credentials', 'true');
    return new Response(body, { status, statusText, headers: fields });
  };
