import type { BatchServerEvent } from 'carpool/server';
import type { Log } from '../platform/log.ts';

/** Writes to the log what a batch's client isn't told, under the id that it is told. */
export function logEvents(log: Log): (event: BatchServerEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'error': {
        const { error, correlationId, id, method, url } = event;
        log.error({ error, correlationId, item: id, method, url }, 'item failed');
        break;
      }
      case 'timeout': {
        const { id, method, url, timeoutMs } = event;
        log.warn({ item: id, method, url, timeoutMs }, 'item took too long');
        break;
      }
      case 'cookies-dropped': {
        const { id, method, url, names } = event;
        log.warn({ item: id, method, url, names }, 'cookies of a streamed item left out');
        break;
      }
      case 'refused':
        log.info({ status: event.status, detail: event.detail }, 'batch refused');
        break;
    }
  };
}
