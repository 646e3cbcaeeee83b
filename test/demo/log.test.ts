import { describe, expect, it, vi } from 'vitest';
import { createLazyChild, createLog } from '../../demo/server/platform/log.ts';

describe('a lazy child of the log', () => {
  const aLog = (level = 'info') => {
    const lines: string[] = [];
    const log = createLog(level, { write: (line) => void lines.push(line) });
    return { log, told: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };

  it('writes its fields into each line', () => {
    const { log, told } = aLog();
    const child = createLazyChild(log, { requestId: 'a' });

    child.info({ more: 1 }, 'one');
    child.warn('two');

    expect(told()).toMatchObject([
      { requestId: 'a', more: 1, msg: 'one' },
      { requestId: 'a', msg: 'two', level: 40 },
    ]);
  });

  it('is made once, and only when it is used', () => {
    const { log } = aLog();
    const make = vi.spyOn(log, 'child');
    const child = createLazyChild(log, { requestId: 'a' });
    expect(make).not.toHaveBeenCalled();

    child.info('one');
    child.info('two');

    expect(make).toHaveBeenCalledOnce();
  });

  it('has the level and the secrets of its parent', () => {
    const { log, told } = aLog('warn');
    const child = createLazyChild(log, { token: 'secret' });

    child.info('not told');
    child.error({ password: 'secret' }, 'told');

    expect(told()).toMatchObject([{ msg: 'told', password: '[Redacted]', token: '[Redacted]' }]);
  });

  it('may have children', () => {
    const { log, told } = aLog();

    createLazyChild(log, { requestId: 'a' }).child({ part: 'b' }).info('one');

    expect(told()).toMatchObject([{ requestId: 'a', part: 'b' }]);
  });
});
