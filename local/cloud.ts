import { composeCloud } from './cloud-compose.ts';
import type { StartCloud } from './cloud-contract.ts';
import { openStores } from './cloud-stores.ts';

/**
 * Starts what an assembly holds; its state lives in a folder and survives a restart.
 * @throws Unsupported for what the embedded cloud does not run, StateInUse while another process has the folder
 */
export const startCloud: StartCloud = options => composeCloud(options, openStores);
