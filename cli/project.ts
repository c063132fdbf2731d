import { join } from 'node:path';

/** The project's own folder: where its samples and the code that is deployed lie. */
export const projectRoot = join(import.meta.dirname, '..');
