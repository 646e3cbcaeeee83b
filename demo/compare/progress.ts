import type { WriteStream } from 'node:tty';

export interface Progress {
  show(contender: string, answered: number, requests: number): void;
  /** Clears the line, so that nothing of it is left beside the table. */
  end(): void;
}

/** One line that is written over on a terminal; one line a contender in a log. */
export function createProgress(stream: WriteStream | NodeJS.WriteStream): Progress {
  if (!stream.isTTY) {
    return {
      show(contender, answered, requests) {
        if (answered === requests) {
          stream.write(`${contender}: ${answered} of ${requests} answered\n`);
        }
      },
      end() {},
    };
  }

  return {
    show(contender, answered, requests) {
      stream.clearLine(0);
      stream.cursorTo(0);
      stream.write(`${contender.padEnd(10)} ${answered} of ${requests} answered`);
    },
    end() {
      stream.clearLine(0);
      stream.cursorTo(0);
    },
  };
}
