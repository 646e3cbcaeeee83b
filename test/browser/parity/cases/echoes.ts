import type { Fetch, OneCall, ParityCase } from '../parity-case.ts';
import { seeEcho } from '../see-echo.ts';

/** The endpoint that tells what it saw. */
export const url = '/t/echo';

/** A call of which the endpoint sees the same. */
export const echoes = (name: string, ...args: Parameters<Fetch>): OneCall => ({
  name,
  args: () => args,
  see: seeEcho,
});

/** …with arguments that can be used once. */
export const echoesAnew = (name: string, args: () => Parameters<Fetch>): OneCall => ({
  name,
  args,
  see: seeEcho,
});

/** A call that goes to native `fetch`. */
export const past = <C extends ParityCase>(parityCase: C): C => ({ ...parityCase, road: 'past' });

export const post = (body: unknown, headers?: HeadersInit): RequestInit => ({
  method: 'POST',
  body: body as BodyInit | null,
  ...(headers && { headers }),
});

export const json = { 'content-type': 'application/json' };
