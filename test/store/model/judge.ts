import type { Reply, Signal } from '../../../src/core/types.ts';
import type { Asked } from './reference.ts';
import { fieldIn } from './server.ts';
import type { Slot, World } from './world.ts';

const decoder = new TextDecoder();

/** Notes what is wrong with an answer. */
export function judge(world: World, slot: Slot, asked: Asked, reply: Reply): void {
  const { url, method, mode } = asked;
  const complain = (text: string): void => {
    world.wrong.push(`${method} ${url} (${mode}) of tab ${String(slot.id)} ${text}`);
  };
  const head = fieldIn(reply.headers, 'x-serial');
  const body =
    reply.body && (JSON.parse(decoder.decode(reply.body)) as { serial: number; url: string });
  if (reply.url !== url) complain(`has the URL ${reply.url}`);
  if (body && body.url !== url) complain(`has a body of ${body.url}`);
  if (body && head !== undefined && body.serial !== Number(head)) {
    complain(`has the body of ${String(body.serial)} and the head of ${head}`);
  }
  if (method === 'HEAD' ? body && reply.status < 500 : !body)
    complain('has the wrong kind of body');
  const serial = head === undefined ? body?.serial : Number(head);
  // The head that the server has just given, or its failure.
  if (serial === undefined || asked.failed.includes(serial)) return;

  const froms = slot.hits.filter((hit) => hit.url === url).map(({ from }) => from);
  const hasRead = slot.tab.transactions
    .slice(asked.transactions)
    .some(({ mode }) => mode === 'readonly');
  const isFromDisk = hasRead && froms.length > 0 && froms.every((from) => from === 'store');
  const objection = world.reference.objection(asked, serial, isFromDisk);
  if (objection) complain(`was answered with ${String(serial)}: ${objection}`);
  const isOwn = asked.own.some((grant) => grant.serial === serial);
  if (!isOwn && fieldIn(reply.headers, 'age') === undefined) complain('has no Age');
  if (isOwn && method === 'GET') world.expectations.keep(asked, asked.own);
}

/** Notes what is wrong with a rejection. */
export function judgeFailure(
  { wrong }: World,
  { method, url, mode, mayBeStale }: Asked,
  error: unknown,
  signal: Signal,
): void {
  const isOwnAbort = signal.aborted && error === signal.reason;
  const isMissing = mode === 'only-if-cached' && error instanceof TypeError;
  if (isOwnAbort || isMissing || mayBeStale) return;
  wrong.push(`${method} ${url} (${mode}) was rejected with ${String(error)}`);
}
