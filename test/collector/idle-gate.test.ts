import { expect, it, vi, type Mock } from 'vitest';
import { createIdleGate, idleBoundMs, type IdleGate } from '../../src/collector/idle-gate.ts';
import { fakeClock, type FakeClock } from '../support/fake-clock.ts';

interface Bench extends IdleGate {
  readonly clock: FakeClock;
  readonly release: Mock<() => void>;
  busy: boolean;
}

function aGate(): Bench {
  const clock = fakeClock();
  const release = vi.fn<() => void>();
  const bench = { clock, release, busy: false };
  return Object.assign(
    bench,
    createIdleGate(clock, () => bench.busy, release),
  );
}

it('releases in an idle moment, once', async () => {
  const { arm, clock, release } = aGate();

  arm();
  arm();
  await clock.beIdle();
  await clock.advance(2 * idleBoundMs);

  expect(release).toHaveBeenCalledTimes(1);
});

it('waits while the client is busy, and releases when told that it no longer is', async () => {
  const gate = aGate();
  gate.busy = true;

  gate.arm();
  await gate.clock.beIdle();
  gate.check();
  expect(gate.release).not.toHaveBeenCalled();
  gate.busy = false;
  gate.check();

  expect(gate.release).toHaveBeenCalledTimes(1);
});

it('does not release because the client is idle while the page is not', () => {
  const { arm, check, release } = aGate();

  arm();
  check();

  expect(release).not.toHaveBeenCalled();
});

it('releases at the bound, busy or not', async () => {
  const gate = aGate();
  gate.busy = true;

  gate.arm();
  await gate.clock.advance(idleBoundMs - 1);
  expect(gate.release).not.toHaveBeenCalled();
  await gate.clock.advance(1);

  expect(gate.release).toHaveBeenCalledTimes(1);
});

it('releases nothing when it has been disarmed, and may be armed again', async () => {
  const { arm, check, clock, disarm, release } = aGate();

  arm();
  disarm();
  await clock.beIdle();
  check();
  expect(clock.pending()).toBe(0);
  expect(release).not.toHaveBeenCalled();
  arm();
  await clock.beIdle();

  expect(release).toHaveBeenCalledTimes(1);
});

it('does not take an idle moment from before for one of now', async () => {
  const gate = aGate();
  gate.busy = true;
  gate.arm();
  await gate.clock.beIdle();
  gate.disarm();

  gate.busy = false;
  gate.arm();
  gate.check();

  expect(gate.release).not.toHaveBeenCalled();
});
