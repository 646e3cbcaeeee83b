import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../src/wire/split.ts';
import { bytesOf, textOf } from '../support/calls.ts';

const split = (...chunks: string[]): { lines: (string | null)[]; rest: string | null } => {
  const splitter = createLineSplitter();
  const lines = chunks.flatMap((chunk) => splitter.push(bytesOf(chunk))).map(textOf);
  return { lines, rest: textOf(splitter.rest()) };
};

describe('the line splitter', () => {
  it('finds several lines in one chunk', () => {
    expect(split('a\nb\nc')).toEqual({ lines: ['a', 'b'], rest: 'c' });
  });

  it('joins a line that comes in several chunks', () => {
    expect(split('a', 'b', '', 'c\nd')).toEqual({ lines: ['abc'], rest: 'd' });
  });

  it('gives empty lines, and nothing behind the last line feed', () => {
    expect(split('\n', '\na\n')).toEqual({ lines: ['', '', 'a'], rest: '' });
  });

  it('hands out a line as soon as its line feed has come', () => {
    const splitter = createLineSplitter();
    splitter.push(bytesOf('a'));

    const lines = splitter.push(bytesOf('\nrest'));

    expect(lines.map(textOf)).toEqual(['a']);
  });

  it('leaves characters whole that are cut between chunks', () => {
    const splitter = createLineSplitter();
    const bytes = bytesOf('é😀\n');

    const lines = [...bytes].flatMap((byte) => splitter.push(Uint8Array.of(byte)));

    expect(lines.map(textOf)).toEqual(['é😀']);
  });
});
