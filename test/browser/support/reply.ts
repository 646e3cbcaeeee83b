import type { ReplySpec } from '../../support/parity-endpoints.ts';

/** The URL of an endpoint that answers as `spec` says. */
export const reply = (spec: ReplySpec): string =>
  `/t/reply?${String(new URLSearchParams({ as: JSON.stringify(spec) }))}`;

/** …with a body of this type. */
export const replyOf = (type: string, body: string | readonly number[]): string =>
  reply({
    headers: [['content-type', type]],
    ...(typeof body === 'string' ? { text: body } : { bytes: body }),
  });

export const replyJson = (text: string): string => replyOf('application/json', text);
