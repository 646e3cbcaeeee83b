import { describe, expect, it } from 'vitest';
import { priorityOf } from '../../demo/server/batch/priority.ts';

describe('the priority of an item that says nothing of it', () => {
  it.each([
    ['GET', '/api/auth/me', 'critical'],
    ['POST', '/api/auth/login', 'critical'],
    ['POST', '/login', 'critical'],
    ['POST', '/api/sessions', 'critical'],
    ['GET', '/api/sessions', 'normal'],
    ['PATCH', '/api/sessions/1', 'normal'],
    ['GET', '/api/sessions/1/messages', 'high'],
    ['GET', '/api/sessions/1/messages?after=3', 'high'],
    ['POST', '/api/sessions/1/stream', 'high'],
    ['GET', '/api/questions/7', 'high'],
    ['GET', '/api/stats', 'normal'],
    ['GET', '/api/metadata', 'normal'],
    ['GET', '/api/widgets/1', 'normal'],
    ['POST', '/api/sessions/1/archive', 'low'],
    ['GET', '/api/archive/sessions', 'low'],
    ['GET', '/api/archive/messages', 'low'],
    ['GET', '/API/AUTH/me', 'critical'],
    ['GET', '/api/authors', 'normal'],
    ['GET', '/api/notes?next=/login', 'normal'],
  ])('%s %s: %s', (method, path, priority) => {
    expect(priorityOf(method, `http://localhost${path}`)).toBe(priority);
  });
});
