/**
 * The folder, beside the packages of an assembly's functions, in which Node keeps what it compiled of them. Its files are found again
 * where both are copied to together.
 */
export const compiledIn = '.compiled';
