/**
 * The folder, beside the packages of an assembly's functions, in which the sandbox keeps what V8 compiled of them. Its files are found
 * again where both are copied to together.
 */
export const compiledIn = '.compiled';
