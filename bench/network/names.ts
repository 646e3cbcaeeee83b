/** The rows that bars speak of. */
export const sequential = 'sequential fetch';
export const nativeH1 = 'native fetch, HTTP/1.1';
export const nativeH2 = 'native fetch, HTTP/2';
export const limit = 'limit';
export const tuned = 'limit, tuned';
/** Judged against who is measured over HTTP/1.1, as all peers are. */
export const carpoolH1 = 'Carpool, HTTP/1.1';
/** Judged against native fetch over HTTP/2. */
export const carpoolH2 = 'Carpool, HTTP/2';
export const ours = [carpoolH1, carpoolH2] as const;

/** Measured on cold connections too: the leaders of each kind, since what is cold takes long. */
export const leaders = [
  nativeH2,
  'tRPC stream',
  'DataLoader',
  limit,
  tuned,
  carpoolH1,
  carpoolH2,
] as const;

/** Peers that answer all calls when all are ready. */
export const bufferedPeers = [
  'tRPC batch',
  'oRPC batch, buffered',
  'Apollo BatchHttpLink',
  'batshit',
  'DataLoader',
] as const;

export const batchingPeers = ['tRPC stream', 'oRPC batch, streamed', ...bufferedPeers] as const;
