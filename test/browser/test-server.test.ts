import { expect, inject, test } from 'vitest';

test.each([
  ['on the page’s own origin', '/t', 'basic'],
  ['on another origin', inject('otherOrigin'), 'cors'],
])('the test server answers %s', async (_, base, type) => {
  const response = await fetch(`${base}/echo`, { method: 'POST', body: 'hello' });

  expect(response.type).toBe(type);
  expect(await response.json()).toMatchObject({ method: 'POST', body: 'hello' });
});
