import type { HeaderList, Reply } from '../../../src/core/types.ts';
import { aCall } from '../../support/calls.ts';
import type { Fault } from '../../support/fake-storage.ts';
import { faultsOf, standingOn } from './disk.ts';
import { judge, judgeFailure } from './judge.ts';
import { createNetwork } from './network.ts';
import type { Asked } from './reference.ts';
import { plain } from './server.ts';
import { aGet, invalidations, urls, type Get, type Step, type Story, type Write } from './steps.ts';
import { createWorld, databaseName, openSlot, type Slot, type World } from './world.ts';

const makesFail: ReadonlySet<string> = new Set(['fault', 'hang', 'cut', 'delete database']);
const sleeps: ReadonlySet<string> = new Set(['sleep', 'miss']);

/** A promise of the story's, and how often it has settled. */
interface Pending {
  readonly text: string;
  readonly slot: Slot;
  readonly controller: AbortController;
  settled: number;
}

/** Plays a story to its end; rejects with what is wrong, if anything is. */
export async function play(story: Story): Promise<void> {
  const world = createWorld(story);
  try {
    await playIn(world, story);
    if (world.wrong.length > 0) throw new Error(world.wrong.join('\n'));
  } finally {
    world.browser.restore();
  }
}

const check = ({ wrong }: World): void => {
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
};

async function playIn(
  world: World,
  { maxEntries, who, trouble, policies, steps }: Story,
): Promise<void> {
  const { browser, server, reference, expectations, slots, wrong } = world;
  const network = createNetwork(world);
  const { flights } = network;
  const pending: Pending[] = [];
  const underWay = new Set<Asked>();

  const open = (whose: Slot['who']): Slot =>
    openSlot(world, whose, maxEntries, (slot) => (call) => network.read(slot, call));
  for (const [i, policy] of policies.entries()) server.setPolicy(urls[i]!, policy);
  slots.push(open(who[0]), open(who[1]));
  if (world.isLossy) expectations.giveUp();

  let isClearing = false;
  let hasCrashed = false;
  const settle = async (limit?: number): Promise<void> => {
    await browser.settle(limit);
    if (limit !== undefined || browser.isHanging()) return;
    reference.rest();
    if (isClearing) {
      isClearing = false;
      reference.clear();
      reference.refuse();
    }
    if (world.isFailing) return;
    wrong.push(...faultsOf(browser.storage.contents(databaseName)));
    reference.confirm();
  };

  const deliver = async (slot: Slot): Promise<void> => {
    await slot.tab.deliver();
    if (world.hasChannels) reference.hear(slot.id);
  };

  /**
   * Two tabs that change their users while neither hears of the other: that the last one counts is not
   * promised. So one change is on disk before the next, or the tabs hear of it.
   */
  const spread = async (): Promise<void> => {
    if (browser.isHanging()) for (const slot of slots) await deliver(slot);
  };

  const slotOf = ({ tab }: { readonly tab: number }): Slot => {
    const slot = slots[tab]!;
    if (slot.isAsleep) {
      slot.isAsleep = false;
      slot.tab.loseMessages();
      slot.tab.run(slot.store.wake);
      reference.wake(slot.id);
    }
    return slot;
  };

  const mistrust = (): void => {
    world.hasFailed = true;
    reference.refuse();
    expectations.distrustDisk();
  };

  const fail = (fault: Fault, times: number): void => {
    mistrust();
    world.isFailing = true;
    browser.storage.fail(fault, times);
  };

  const heal = (): void => {
    if (world.isFailing) reference.refuse();
    world.isFailing = false;
    browser.storage.heal();
  };

  /** Follows a promise until it settles. */
  const follow = (
    text: string,
    slot: Slot,
    promise: Promise<Reply>,
    controller: AbortController,
    then: (reply: Reply) => void = () => {},
    otherwise: (error: unknown) => void = () => {},
  ): Pending => {
    const one: Pending = { text, slot, controller, settled: 0 };
    pending.push(one);
    const heard =
      <T>(listener: (value: T) => void) =>
      (value: T): void => {
        one.settled++;
        if (!slot.tab.isOver()) listener(value);
      };
    promise.then(heard(then), heard(otherwise));
    return one;
  };

  const get = async (slot: Slot, step: Get): Promise<void> => {
    const { url, method, mode, credentials, auth, language, ttlMs, tags } = step;
    const isChange = slot.who !== undefined && slot.who !== reference.whoOf(slot.id);
    if (isChange) await settle();
    await deliver(slot);
    const headers: HeaderList = [
      ...(auth ? [['authorization', auth] as const] : []),
      ...(language ? [['accept-language', language] as const] : []),
    ];
    const controller = new AbortController();
    const { signal } = controller;
    if (mode !== 'no-store') reference.identify(slot.id, slot.who);
    const asked: Asked = {
      asker: { tab: slot.id, who: slot.who, credentials, auth },
      url,
      method,
      mode,
      headers,
      startedAt: reference.tick(),
      transactions: slot.tab.transactions.length,
      times: [browser.now()],
      own: [],
      failed: [],
      mayBeStale: !world.isOnline,
    };
    underWay.add(asked);
    network.own.set(signal, { ...step, asked });
    const source =
      maxEntries > 3 ? expectations.source(asked, slot.openedAt, browser.now()) : undefined;
    const call = aCall({
      url,
      method,
      headers,
      credentials,
      who: slot.who,
      signal,
      cache: { mode, ttlMs, tags, credentialed: credentials !== 'omit' },
    });
    const one = follow(
      `${method} ${url} (${mode}) of tab ${String(slot.id)}`,
      slot,
      slot.tab.run(async () => {
        const reply = step.isShort ? slot.cache.recall(call, () => true) : undefined;
        return (reply instanceof Promise ? await reply : reply) ?? slot.handle(call);
      }),
      controller,
      (reply) => {
        underWay.delete(asked);
        // It may have been in the midst of a longer time that goes by.
        asked.times.push(browser.now());
        judge(world, slot, asked, reply);
      },
      (error) => {
        underWay.delete(asked);
        judgeFailure(world, asked, error, signal);
      },
    );
    if (isChange) await spread();
    if (!source) return;
    await (source === 'memory' ? browser.settle(0) : settle());
    if (browser.isHanging()) return;
    if (world.flown.has(signal)) wrong.push(`${one.text} asked for what is in the ${source}`);
    if (one.settled === 0) wrong.push(`${one.text} waits for what is in the ${source}`);
  };

  const write = (slot: Slot, step: Write): void => {
    const { url, method } = step;
    const text = `${method} ${url} of tab ${String(slot.id)}`;
    const controller = new AbortController();
    if (!step.isPast) {
      const call = aCall({
        url,
        method,
        who: slot.who,
        signal: controller.signal,
        cache: { mode: 'default', ttlMs: undefined, tags: [], credentialed: true },
      });
      const handle = slot.cache.layer(() => network.write(slot, step));
      follow(
        text,
        slot,
        slot.tab.run(() => handle(call)),
        controller,
      );
      return;
    }
    const past = async (): Promise<Reply> => {
      const reply = await network.write(slot, step).catch((error: unknown) => {
        void slot.cache.wrote([url], method);
        throw error;
      });
      await slot.cache.wrote([url], method, reply.status, reply.headers);
      return reply;
    };
    follow(text, slot, slot.tab.run(past), controller);
  };

  const flush = async (slot: Slot, pump?: number): Promise<void> => {
    const written = expectations.flush(slot.id);
    void slot.tab.run(slot.store.flush);
    if (pump !== undefined) return;
    await settle();
    if (!world.hasFailed) written();
  };

  const invalidate = (slot: Slot, which: number): void => {
    const { what, covers } = invalidations[which]!;
    reference.invalidate(slot.id, `invalidate ${JSON.stringify(what)}`, covers);
    const standing = (): string[] =>
      standingOn(browser.storage.contents(databaseName))
        .filter(({ url, tags }) => covers(url, tags))
        .map(({ id }) => id);
    const before = standing();
    slot.tab
      .run(() => slot.cache.invalidate(what))
      .then(
        () => {
          const left =
            world.hasFailed || slot.tab.isOver()
              ? []
              : standing().filter((id) => before.includes(id));
          for (const id of left) wrong.push(`${id} is on disk after it was invalidated`);
        },
        (error: unknown) => wrong.push(`invalidate: ${String(error)}`),
      );
  };

  const sleep = async (slot: Slot): Promise<void> => {
    await deliver(slot);
    void slot.tab.run(slot.store.flush);
    await settle();
    slot.tab.run(slot.store.sleep);
    slot.isAsleep = true;
    // What a tab has not heard, it may take for later than it was.
    world.isLossy = true;
    expectations.giveUp();
  };

  const crash = (at: number, isCommitLost: boolean): void => {
    const slot = slots[at]!;
    hasCrashed = true;
    slot.tab.crash(isCommitLost);
    reference.taint(slot.id);
    for (let i = flights.length; i-- > 0;) if (flights[i]!.slot === slot) flights.splice(i, 1);
    // The new one is of the same user; its session knows no better.
    slots[at] = open(slot.who);
  };

  const land = async (which: number): Promise<void> => {
    if (flights.length === 0) return;
    const [flight] = flights.splice(which % flights.length, 1);
    const slot = slotOf({ tab: slots.indexOf(flight!.slot) });
    if (slot.who !== undefined && slot.who !== reference.whoOf(slot.id)) {
      await settle();
      await deliver(slot);
      flight!.land();
      await spread();
      return;
    }
    flight!.land();
  };

  const landAll = async (slot: Slot): Promise<void> => {
    for (;;) {
      const which = flights.findIndex((flight) => flight.slot === slot);
      if (which < 0) return;
      await land(which);
      await browser.settle(0);
    }
  };

  const moveTime = (): void => {
    for (const { times } of underWay) times.push(browser.now());
  };

  const run = async (step: Step): Promise<void> => {
    switch (step.do) {
      case 'get':
        return get(slotOf(step), step);
      case 'write':
        write(slotOf(step), step);
        return;
      case 'land':
        return land(step.which);
      case 'abort': {
        const open = pending.filter((one) => one.settled === 0);
        open[step.which % open.length]?.controller.abort(new Error('mine'));
        return;
      }
      case 'invalidate':
        invalidate(slotOf(step), step.what);
        return;
      case 'identity': {
        const slot = slotOf(step);
        slot.who = step.who;
        return step.isNoticed ? get(slot, { ...aGet, url: urls[1]! }) : undefined;
      }
      case 'fill': {
        const slot = slotOf(step);
        const { credentials } = step;
        // The first once more, when the disk may have told something of it.
        for (const url of [...urls, urls[0]!]) await get(slot, { ...aGet, url, credentials });
        await settle();
        return flush(slot, step.pump);
      }
      case 'visit': {
        const slot = slotOf(step);
        const before = slot.who;
        slot.who = step.who;
        await get(slot, { ...aGet, url: urls[1]! });
        await browser.settle(0);
        await landAll(slot);
        slot.who = before;
        return get(slot, { ...aGet, url: urls[1]! });
      }
      case 'meet': {
        const slot = slotOf(step);
        await get(slot, { ...aGet, ...step, do: 'get', tags: ['t1'], isLate: true });
        await browser.settle();
        if (step.isBefore) invalidate(slot, step.what);
        await landAll(slot);
        if (!step.isBefore) invalidate(slot, step.what);
        return get(slot, { ...aGet, url: step.url });
      }
      case 'part': {
        const [slot, other] = [slotOf(step), slotOf({ tab: 1 - step.tab })];
        for (const one of [other, slot]) {
          one.who = 'ann';
          await get(one, { ...aGet, url: step.url });
          await settle();
        }
        for (const who of [null, 'ann']) {
          other.who = who;
          await get(other, { ...aGet, url: urls[1]! });
          await settle();
        }
        await slot.tab.beIdle();
        await settle();
        await get(other, { ...aGet, url: step.url });
        return get(slot, { ...aGet, url: step.url });
      }
      case 'hurry': {
        const other = slotOf({ tab: 1 - step.tab });
        slotOf(step).who = other.who;
        await get(slotOf(step), { ...aGet, url: urls[1]! });
        await get(other, { ...aGet, url: step.url, mode: 'reload' });
        await settle();
        await flush(other);
        if (step.isReopened) crash(step.tab, false);
        const slot = slotOf(step);
        const hasty = step.isOwn ? slot : other;
        invalidate(hasty, 4);
        // The disk is at it when the next one comes.
        await settle(1);
        invalidate(hasty, 3);
        return get(slot, { ...aGet, url: step.url });
      }
      case 'learn': {
        const other = slotOf({ tab: 1 - step.tab });
        const [a, b] = urls as [string, string];
        for (const url of [a, b]) await get(other, { ...aGet, url });
        await settle();
        await flush(other);
        crash(step.tab, false);
        const slot = slotOf(step);
        await get(slot, { ...aGet, url: a });
        await settle();
        invalidate(other, 0);
        await settle();
        await get(slot, { ...aGet, url: b });
        await settle();
        return get(slot, { ...aGet, url: a });
      }
      case 'change':
        server.change(step.url);
        return;
      case 'policy':
        server.setPolicy(step.url, step.policy);
        return;
      case 'outage':
        server.outage = step.outage;
        return;
      case 'online':
        world.isOnline = step.isOnline;
        if (!step.isOnline) for (const asked of underWay) asked.mayBeStale = true;
        return;
      case 'advance':
        await browser.advance(step.ms);
        moveTime();
        return;
      case 'jump':
        browser.jump(step.ms);
        moveTime();
        if (step.ms < 0) expectations.giveUp();
        return;
      case 'idle':
        return slotOf(step).tab.beIdle();
      case 'deliver':
        return deliver(slotOf(step));
      case 'flush':
        return flush(slotOf(step), step.pump);
      case 'sleep':
        return sleep(slotOf(step));
      case 'miss':
        await sleep(slotOf(step));
        invalidate(slotOf({ tab: 1 - step.tab }), step.what);
        await settle();
        return get(slotOf(step), { ...aGet, url: step.url });
      case 'crash':
        crash(step.tab, step.isCommitLost);
        return;
      case 'cut':
        mistrust();
        slotOf(step).tab.cut();
        return;
      case 'fault':
        fail(step.fault, step.times);
        return;
      case 'heal':
        heal();
        browser.hang(false);
        return;
      case 'hang':
        mistrust();
        browser.hang(true);
        return;
      case 'delete database':
        // Where tabs have no channels, what they tell each other stands there and nowhere else.
        if (!world.hasChannels) break;
        mistrust();
        isClearing = true;
        browser.storage.factory.deleteDatabase(databaseName);
    }
  };

  for (const step of steps) {
    for (const slot of slots) slot.hits.length = 0;
    world.isHasty = step.do === 'get' && !step.isLate;
    if (trouble !== 'storage' && makesFail.has(step.do)) continue;
    if (trouble !== 'sleep' && sleeps.has(step.do)) continue;
    const fault = trouble === 'storage' && !world.isFailing ? step.fault : undefined;
    if (fault) fail(fault, 1);
    await run(step);
    await settle(step.pump);
    if (fault && step.do !== 'fault') heal();
    check(world);
  }

  // The end: all is well again, and everything lands.
  world.isHasty = false;
  world.isOnline = true;
  server.outage = null;
  await run({ do: 'heal' });
  for (const tab of slots.keys()) slotOf({ tab });
  await settle();
  for (let rounds = 0; flights.length > 0 && rounds < 1000; rounds++) {
    await land(0);
    await settle();
  }
  check(world);
  for (const { text, slot, settled } of pending) {
    if (!slot.tab.isOver() && settled !== 1)
      wrong.push(`${text} has settled ${String(settled)} times`);
  }
  if (world.holds !== 0 && slots.every(({ openedAt }) => openedAt < 5)) {
    wrong.push(`${String(world.holds)} windows are kept open`);
  }
  for (const { id, failures } of slots) {
    if (!world.hasFailed && failures.length > 0) {
      wrong.push(`tab ${String(id)} had failures: ${failures.join(', ')}`);
    }
  }
  check(world);
  await recover();

  /** Whatever has happened, the cache works from now on: in the tabs, and across them. */
  async function recover(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await browser.advance(31_000);
      browser.jump(200_000_000);
      for (const slot of slots) await deliver(slot);
      await settle();
    }
    const [, , url] = urls as [string, string, string];
    server.setPolicy(url, { ...plain, control: { maxAge: 600 } });
    const ask = async (slot: Slot, mode: RequestCache): Promise<boolean> => {
      // Which of two answers of the same moment is the newer, tabs can't tell.
      await browser.advance(5);
      const before = world.flown.size;
      await get(slot, { ...aGet, url, mode });
      await settle();
      check(world);
      return world.flown.size > before;
    };
    const speaking = slots.filter(({ who }) => who !== undefined);
    // A log-out that the storage refused, and that is done late, may be that of one who has come back, unheard.
    if (reference.isContested() || (world.hasFailed && !world.hasChannels)) return;
    // What a tab has to learn from the disk may cost it what it was about to write.
    const isShaken = speaking.some(({ id }) => reference.isShaken(id));
    const mayLearn = world.isLossy || world.hasFailed || hasCrashed || isShaken;
    for (const slot of mayLearn ? [...speaking, ...speaking] : []) {
      await ask(slot, 'no-cache');
      void slot.tab.run(slot.store.flush);
      await settle();
    }
    for (const slot of speaking) {
      const text = `in the end, tab ${String(slot.id)}`;
      await ask(slot, 'no-cache');
      if (reference.isRevoked(slot.id)) continue;
      await ask(slot, 'reload');
      if (await ask(slot, 'default')) wrong.push(`${text} keeps nothing`);
      const failures = slot.failures.length;
      void slot.tab.run(slot.store.flush);
      await settle();
      if (slot.failures.length > failures)
        wrong.push(`${text} failed: ${slot.failures.join(', ')}`);
      const other = open(slot.who);
      slots.push(other);
      if (await ask(other, 'default'))
        wrong.push(`${text} has written nothing that a new tab ${String(other.id)} finds`);
      await browser.advance(2000);
      for (const { id, dropAt } of standingOn(browser.storage.contents(databaseName))) {
        if (dropAt <= browser.now()) wrong.push(`${id} is on disk, though it is no good any more`);
      }
      check(world);
    }
  }
}
