import { describe, expect, test } from 'vitest';
import { createStub } from '../../bench/client/stub.ts';

/** A network that counts what it is asked, and answers with the number. */
function counting() {
  const asked: string[] = [];
  const network = (input: unknown): Promise<Response> => {
    asked.push(String(input));
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip', vary: 'accept' };
    return Promise.resolve(new Response(`answer ${asked.length}`, { status: 201, headers }));
  };
  return { asked, stub: createStub(network) };
}

const ask = async ({ fetch }: ReturnType<typeof createStub>, url: string): Promise<string> =>
  (await fetch(url)).text();

describe('createStub', () => {
  test('a first run goes to the network, and the next ones are answered from memory', async () => {
    const { asked, stub } = counting();
    stub.start('run');
    const first = [await ask(stub, '/a'), await ask(stub, '/b')];
    stub.end();

    stub.start('run');
    const second = [await ask(stub, '/a'), await ask(stub, '/b')];
    stub.end();

    expect(second).toEqual(first);
    expect(asked).toEqual(['/a', '/b']);
  });

  test('what belongs to the connection is not replayed, and the rest of the answer is', async () => {
    const { stub } = counting();
    stub.start('run');

    const { status, headers } = await stub.fetch('/a');

    expect(status).toBe(201);
    expect([...headers.keys()]).toEqual(['content-type']);
  });

  test('each key has a recording of its own', async () => {
    const { asked, stub } = counting();
    for (const key of ['one', 'other', 'one']) {
      stub.start(key);
      await ask(stub, key);
      stub.end();
    }

    expect(asked).toEqual(['one', 'other']);
  });

  test('bursts of the same calls replay the recording over and over again', async () => {
    const { stub } = counting();
    stub.start('run');
    await ask(stub, '/a');

    stub.start('run');
    const answers = [await ask(stub, '/a'), await ask(stub, '/a'), await ask(stub, '/a')];
    stub.end();

    expect(answers).toEqual(['answer 1', 'answer 1', 'answer 1']);
  });

  test('a run that asks for less than was recorded is an error', async () => {
    const { stub } = counting();
    stub.start('run');
    await ask(stub, '/a');
    await ask(stub, '/b');

    stub.start('run');
    await ask(stub, '/a');

    expect(() => stub.end()).toThrow('the stub was asked 1 times, and has 2 answers');
  });
});
