/** Where this browser remembers until when its cookie is good; the cookie itself, scripts can't see. */
const storageKey = 'carpool-demo:logged-in-until';

/** A cookie about to expire is as good as none. */
const marginMs = 60_000;

/**
 * Logs in as the demo's user, unless this browser already has. Where that fails, offline for one, the page
 * goes on with what it has: requests then say what is wrong.
 */
export async function logIn() {
  if (Number(localStorage.getItem(storageKey)) > Date.now() + marginMs) return;
  try {
    const response = await fetch('/api/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'demo', password: 'demo-password' }),
    });
    if (!response.ok) throw new Error(`it was answered with ${response.status}`);
    const { expiresIn } = await response.json();
    localStorage.setItem(storageKey, String(Date.now() + expiresIn * 1000));
  } catch (error) {
    console.warn('logging in failed', error);
  }
}
