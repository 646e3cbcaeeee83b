import type { HonoRequest } from 'hono';
import { problem, toPointer, type MemberProblem } from '../../http/problem.ts';
import { olderEnvelope, type OlderEnvelope } from './envelope.ts';

/** Enough to see what is wrong. */
const maxErrors = 10;
const maxShown = 80;

/** As for `POST /batch`: what is deeper would be too much for whoever writes it as JSON again. */
const maxDepth = 64;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Level by level: recursion is what it is to prevent. */
function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    level = level.flatMap((parent) => Object.values(parent)).filter(isNested);
  }
  return level.length > 0;
}

/** The value at a path, as JSON and in short; undefined where there is none. */
function show(value: unknown, path: readonly PropertyKey[]): string | undefined {
  let found = value;
  for (const key of path) {
    found = (found as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
  }
  const text = JSON.stringify(found) as string | undefined;
  return text !== undefined && text.length > maxShown ? `${text.slice(0, maxShown - 1)}…` : text;
}

const isJson = (type: string): boolean =>
  type.split(';', 1)[0]!.trim().toLowerCase() === 'application/json';

/** The envelope of the older shape; or a problem: 415, 400 where it is no JSON or too deep, 422 with the members that are wrong. */
export async function readEnvelope(request: HonoRequest): Promise<OlderEnvelope | Response> {
  const type = request.header('content-type') ?? 'none';
  if (!isJson(type)) {
    const detail = `A batch has the Content-Type application/json, not ${type}.`;
    return problem(415, 'Unsupported media type', detail);
  }
  let value: unknown;
  try {
    value = await request.json();
  } catch {
    const detail = 'The body is not valid JSON: send it as JSON.stringify writes it.';
    return problem(400, 'No JSON', detail);
  }
  if (isTooDeep(value)) {
    const detail = `The batch is nested too deeply: it may have at most ${maxDepth} levels.`;
    return problem(400, 'Too deep', detail);
  }
  const { success, data, error } = olderEnvelope.safeParse(value);
  if (success) return data;
  const errors: MemberProblem[] = error.issues.slice(0, maxErrors).map(({ path, message }) => {
    const shown = show(value, path);
    const detail = shown === undefined ? message : `${message}, got ${shown}`;
    return { pointer: toPointer(path), detail };
  });
  const names = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return problem(422, 'No such batch', `The batch isn't what it should be: ${names}`, errors);
}
