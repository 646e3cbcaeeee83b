import { describe, expect, it, vi, type Mock } from 'vitest';
import { createWindow, holdBoundMs, type GatherWindow } from '../../src/collector/window.ts';
import { fakeClock, type FakeClock } from '../support/fake-clock.ts';

interface Bench extends GatherWindow {
  readonly clock: FakeClock;
  readonly onClose: Mock<() => void>;
}

function aWindow(lengthMs: number | null = null): Bench {
  const clock = fakeClock();
  const onClose = vi.fn<() => void>();
  return { ...createWindow(() => lengthMs, clock, onClose), clock, onClose };
}

describe('a window', () => {
  it('closes once, however often it was opened', async () => {
    const { clock, onClose, open } = aWindow(20);

    open();
    open();
    await clock.advance(100);

    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('may be opened again from within its closing', async () => {
    const { clock, onClose, open } = aWindow(20);
    onClose.mockImplementationOnce(open);

    open();
    await clock.advance(40);

    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('that is cancelled does not close, nor the next one early', async () => {
    const { cancel, clock, onClose, open } = aWindow(20);

    open();
    await clock.advance(15);
    cancel();
    open();
    await clock.advance(19);
    expect(onClose).not.toHaveBeenCalled();
    await clock.advance(1);

    expect(onClose).toHaveBeenCalledTimes(1);
  });
});

describe('a hold', () => {
  it('opens the window, and keeps it open when it is due', async () => {
    const { clock, hold, onClose } = aWindow();

    const release = hold();
    await clock.endTask();
    expect(onClose).not.toHaveBeenCalled();
    release();

    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('that is let go early leaves the window its time', async () => {
    const { clock, hold, onClose } = aWindow(20);

    const release = hold();
    await clock.advance(10);
    release();
    expect(onClose).not.toHaveBeenCalled();
    await clock.advance(10);

    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('waits for the last of several', async () => {
    const { clock, hold, onClose } = aWindow();

    const [one, two] = [hold(), hold()];
    await clock.endTask();
    one();
    expect(onClose).not.toHaveBeenCalled();
    two();

    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('is bounded', async () => {
    const { clock, hold, onClose } = aWindow(20);

    hold();
    await clock.advance(20 + holdBoundMs - 1);
    expect(onClose).not.toHaveBeenCalled();
    await clock.advance(1);

    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('that has had its time holds up no later window', async () => {
    const { clock, hold, onClose, open } = aWindow();
    const release = hold();
    await clock.advance(holdBoundMs);

    open();
    await clock.endTask();
    expect(onClose).toHaveBeenCalledTimes(2);
    open();
    release();

    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('leaves no timer behind', async () => {
    const { clock, hold } = aWindow();
    const release = hold();
    await clock.endTask();

    release();

    expect(clock.pending()).toBe(0);
  });

  it('keeps a window that nobody else needs', async () => {
    const { cancel, clock, hold, onClose } = aWindow(20);

    hold();
    cancel();
    await clock.advance(20 + holdBoundMs);

    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
