// As the IANA registry lists them, and servers send them: from 200 on, from 300 on, and so forth; a number that
// has none leaves a gap.
const phrases: readonly (readonly string[])[] = /* @__PURE__ */ [
  'OK,Created,Accepted,Non-Authoritative Information,No Content,Reset Content,Partial Content,' +
    'Multi-Status,Already Reported,,,,,,,,,,,,,,,,,,IM Used',
  'Multiple Choices,Moved Permanently,Found,See Other,Not Modified,,,Temporary Redirect,' +
    'Permanent Redirect',
  'Bad Request,Unauthorized,Payment Required,Forbidden,Not Found,Method Not Allowed,Not Acceptable,,' +
    'Request Timeout,Conflict,Gone,Length Required,Precondition Failed,Payload Too Large,URI Too Long,' +
    "Unsupported Media Type,Range Not Satisfiable,Expectation Failed,I'm a Teapot,,,Misdirected Request," +
    'Unprocessable Entity,Locked,Failed Dependency,Too Early,Upgrade Required,,Precondition Required,' +
    'Too Many Requests,,Request Header Fields Too Large,,,,,,,,,,,,,,,,,,,,Unavailable For Legal Reasons',
  'Internal Server Error,Not Implemented,Bad Gateway,Service Unavailable,Gateway Timeout,' +
    'HTTP Version Not Supported,Variant Also Negotiates,Insufficient Storage,Loop Detected,,Not Extended,' +
    'Network Authentication Required',
].map((list) => list.split(','));

/**
 * Whether a response of that status never has a body.
 *
 * @see https://fetch.spec.whatwg.org/#null-body-status
 */
export const isNullBody = (status: number): boolean =>
  status === 204 || status === 205 || status === 304;

/** The reason phrase an HTTP/1.1 server would send; empty for a status that has none. */
export const statusText = (status: number): string =>
  phrases[Math.floor(status / 100) - 2]?.[status % 100] ?? '';
