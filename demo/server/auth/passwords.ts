import { scryptSync, timingSafeEqual } from 'node:crypto';

/** For seeds: the same salt each time, so that they are the same each time. */
export const hashPassword = (password: string, salt: string): string =>
  `${salt}:${scryptSync(password, salt, 32, { N: 1024 }).toString('hex')}`;

/** Compares without telling by its duration how much was right. */
export function isPassword(password: string, hash: string): boolean {
  const [salt = '', stored = ''] = hash.split(':');
  const own = scryptSync(password, salt, 32, { N: 1024 });
  const other = Buffer.from(stored, 'hex');
  return own.length === other.length && timingSafeEqual(own, other);
}
