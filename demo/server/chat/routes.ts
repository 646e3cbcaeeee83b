import { createRouter, type Router } from '../http/router.ts';
import type { Services } from '../services.ts';
import { createAssistant } from './assistant.ts';
import { createMessageRoutes } from './message-routes.ts';
import { createMessageStore } from './messages.ts';
import { createQuestionRoutes } from './question-routes.ts';
import { createSessionRoutes } from './session-routes.ts';
import { createSessionStore } from './store.ts';
import { createAnnounce } from './tags.ts';

/** Chat: sessions, their messages, and an assistant that answers. */
export function createChatRoutes(
  { config, database, bus }: Services,
  now: () => number = Date.now,
): Router {
  const router = createRouter();
  const sessions = createSessionStore(database, now);
  const messages = createMessageStore(database, sessions, now);
  const announce = createAnnounce(bus);
  const assistant = createAssistant(database);
  router.route('/', createSessionRoutes(sessions, announce));
  router.route('/', createMessageRoutes(messages, announce));
  router.route(
    '/',
    createQuestionRoutes({ messages, assistant, announce, wordDelayMs: config.ANSWER_WORD_MS }),
  );
  return router;
}
