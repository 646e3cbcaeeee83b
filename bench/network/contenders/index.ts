import { apollo } from './apollo.ts';
import { carpools, windowed } from './carpool.ts';
import type { Contender } from './contender.ts';
import { limit, tuned } from './limit.ts';
import { batshit, dataloader } from './loaders.ts';
import { natives, sequential } from './native.ts';
import { orpc } from './orpc.ts';
import { trpc } from './trpc.ts';

/** All of them, in the order of the tables. */
export const contenders: readonly Contender[] = [
  sequential,
  ...natives,
  ...trpc,
  ...orpc,
  apollo,
  batshit,
  dataloader,
  limit,
  tuned,
  ...carpools,
  ...windowed,
];
