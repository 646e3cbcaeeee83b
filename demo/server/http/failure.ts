import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Log } from '../platform/log.ts';
import type { AppEnv } from './context.ts';
import { problem, toProblem } from './problem.ts';

/** Answers for what a route has thrown: a refusal as it is; of anything else, the log alone has the reason. */
export function createFailure(log: Log): ErrorHandler {
  return (error, c) => {
    if (error instanceof HTTPException) return toProblem(error);
    // Where nothing is traced, there is neither of them.
    const { log: own = log, correlationId: id } = c.var as Partial<AppEnv['Variables']>;
    own.error({ error }, 'failed');
    const where = id === undefined ? '' : `, under ${id}`;
    const detail = `The server failed; its log has the reason${where}.`;
    return problem(500, 'Something went wrong', detail);
  };
}
