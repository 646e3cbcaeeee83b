import { UsageError } from './command-line.ts';

/**
 * Logs in as the demo's user; the token is for `Authorization: Bearer`. Undefined where the server has no
 * log-in: then it needs none.
 *
 * @throws UsageError if there is no server at that address, or it has no such user
 */
export async function logIn(url: URL): Promise<string | undefined> {
  const response = await fetch(new URL('/api/auth/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'demo', password: 'demo-password' }),
  }).catch((error: unknown) => {
    const remedy = 'start one there, or leave --url out';
    throw new UsageError(`no server answers at ${url.origin}: ${remedy}`, { cause: error });
  });
  if (response.status === 404) return undefined;
  if (!response.ok) {
    const remedy = 'give a --token that it takes';
    throw new UsageError(
      `${url.origin} doesn't let the demo's user in (it answered ${response.status}): ${remedy}`,
    );
  }
  const { token } = (await response.json()) as { token: string };
  return token;
}
