/** The project's version, as package.json says it: in the stack's description and each request's user agent. */
export const version = '0.1.0';
