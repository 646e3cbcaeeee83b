import { describe, expect, it } from 'vitest';
import { UsageError } from '../../demo/compare/command-line.ts';
import { readOptions } from '../../demo/compare/options.ts';

describe('readOptions', () => {
  it('has defaults for everything', () => {
    expect(readOptions([])).toEqual({
      requests: 20,
      duplicateRate: 0.3,
      latencyMs: 150,
      rttMs: 0,
      token: undefined,
      url: undefined,
      json: false,
      help: false,
    });
  });

  it('reads every option', () => {
    const line =
      '--requests 100 --duplicate-rate 0.5 --latency 20 --rtt 40 --token a.b-c --url http://localhost:8787 --json';

    expect(readOptions(line.split(' '))).toEqual({
      requests: 100,
      duplicateRate: 0.5,
      latencyMs: 20,
      rttMs: 40,
      token: 'a.b-c',
      url: new URL('http://localhost:8787'),
      json: true,
      help: false,
    });
  });

  it.each([
    [['--requests', 'many'], /--requests must be a whole number from 1 to 1000, got 'many'/],
    [['--requests', '0'], /got '0'/],
    [['--requests', '2.5'], /got '2.5'/],
    [['--requests', '1e3'], /got '1e3'/],
    [['--requests', ''], /got ''/],
    [['--duplicate-rate', '1'], /--duplicate-rate must be a number from 0 to 0.99, got '1'/],
    [['--duplicate-rate=-0.3'], /got '-0.3'/],
    [['--latency', '10001'], /--latency must be a whole number from 0 to 10000, got '10001'/],
    [['--rtt', 'slow'], /--rtt must be a whole number from 0 to 2000, got 'slow'/],
    [['--token', 'two words'], /--token must be letters/],
    [['--url', 'localhost'], /--url must be .* such as http:\/\/localhost:8787, got 'localhost'/],
    [['--url', 'https://example.com'], /got 'https:\/\/example.com'/],
    [['--url', 'http://localhost/app'], /got 'http:\/\/localhost\/app'/],
    [['--turbo'], /--turbo/],
    [['--requests'], /--requests/],
    [['fast'], /fast/],
  ])('%j is refused with a message that names it', (args, message) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(message);
  });
});
