// Runs in the page, as it stands: no build, and nothing newer than what the client itself may use.
import { createCarpool } from '/carpool.min.js';

const carpool = createCarpool({ endpoint: '/batch' });
/** Reading the body that is inside a Request takes a moment, longer than a microtask window. */
const patient = createCarpool({ endpoint: '/batch', window: 100 });

/** @returns {Promise<string[]>} what has come over the wire since the last time */
const wire = async () => (await fetch('/wire')).json();

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
function equal(actual, expected) {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

/** @type {Record<string, () => Promise<void>>} */
const checks = {
  async 'calls made together share one batch'() {
    const words = ['one', 'two', 'three'];

    const responses = await Promise.all(words.map((word) => carpool.fetch(`/api/echo/${word}`)));

    const bodies = await Promise.all(responses.map((response) => response.json()));
    equal(
      bodies,
      words.map((word) => ({ word })),
    );
    equal(await wire(), ['POST /batch']);
  },

  async 'components that await first still share it'() {
    await Promise.all(
      ['one', 'two', 'three'].map(async (word) => {
        await Promise.resolve();
        await carpool.fetch(`/api/echo/${word}`);
      }),
    );

    equal(await wire(), ['POST /batch']);
  },

  async 'an answer arrives before a slower one of its batch'() {
    let slowIsHere = false;
    const slow = carpool.fetch('/api/slow/1000').then((response) => {
      slowIsHere = true;
      return response.json();
    });

    const quick = await carpool.fetch('/api/echo/quick');
    equal([await quick.json(), slowIsHere], [{ word: 'quick' }, false]);

    equal(await slow, { ms: 1000 });
    equal(await wire(), ['POST /batch']);
  },

  async 'an abort rejects with its own reason, and nobody else'() {
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const aborted = carpool.fetch('/api/slow/30000', { signal: controller.signal }).then(
      () => 'an answer',
      (error) => error === reason,
    );
    const other = await carpool.fetch('/api/echo/other');

    controller.abort(reason);

    equal(await aborted, true);
    equal(await other.json(), { word: 'other' });
    equal(await wire(), ['POST /batch']);
  },

  async 'a Request with a body rides'() {
    const post = () =>
      new Request('/api/echo', {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'grüezi',
      });

    const [echo] = await Promise.all([patient.fetch(post()), patient.fetch(post())]);

    equal([echo.status, await echo.text()], [200, 'grüezi']);
    equal(await wire(), ['POST /batch']);
  },

  async 'a body can be read as a stream'() {
    const [response] = await Promise.all([
      carpool.fetch('/api/echo/stream'),
      carpool.fetch('/api/echo/neighbour'),
    ]);

    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
    }

    equal(text, '{"word":"stream"}');
    equal(await wire(), ['POST /batch']);
  },

  async 'a call alone goes as it is'() {
    const response = await carpool.fetch('/api/echo/alone');

    equal(await response.json(), { word: 'alone' });
    equal(await wire(), ['GET /api/echo/alone']);
  },

  async 'a call alone obeys its signal'() {
    const controller = new AbortController();

    const response = await carpool.fetch('/api/echo/alone', { signal: controller.signal });

    equal(await response.json(), { word: 'alone' });
    equal(await wire(), ['GET /api/echo/alone']);
    const aborted = carpool.fetch('/api/slow/30000', { signal: controller.signal }).then(
      () => 'an answer',
      (error) => error === controller.signal.reason,
    );
    controller.abort(new Error('changed my mind'));
    equal(await aborted, true);
    await wire();
  },

  async 'a Response is the platform’s own'() {
    const [response] = await Promise.all([
      carpool.fetch('/api/echo/whole'),
      carpool.fetch('/api/echo/neighbour'),
    ]);

    const copy = response.clone();
    equal(response instanceof Response, true);
    equal([response.status, response.statusText, response.ok], [200, 'OK', true]);
    equal([response.url, copy.url], Array(2).fill(new URL('/api/echo/whole', location.href).href));
    equal(await copy.json(), await response.json());
    await wire();
  },
};

export async function runChecks() {
  const outcomes = [];
  for (const [check, run] of Object.entries(checks)) {
    try {
      await run();
      outcomes.push({ check });
    } catch (error) {
      outcomes.push({ check, error: String(error) });
      await wire();
    }
  }
  return outcomes;
}
