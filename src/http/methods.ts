/** Whether the method only reads (RFC 9110, 9.2.1), of those that may ride; such calls have no body. */
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';
