/**
 * The embedded cloud: what a product that runs on it takes. Nothing here loads a service before a cloud is started, so that
 * a question to a state folder stays quick.
 */
import type { StartCloud } from './cloud/cloud.ts';

export type { Cloud, CloudOptions } from './cloud/cloud.ts';
export { ServiceError } from './contract.ts';
export type { Fault, FaultPlan, Passing } from './gateway/faults.ts';
export { embeddedDatabase, namedDatabase } from './services/dynamodb/database.ts';
export { announce, type Running, runningCloud } from './state/announced.ts';
export { publicKeysFile, readIfThere } from './state/files.ts';
export { lockState, ownerOf, StateInUse } from './state/lock.ts';
export { checkOwnFolder, ForeignFolder, makeOwnFolder } from './state/own-folder.ts';
export { type Published, readPublished } from './state/published.ts';
export type { Undelivered } from './state/undelivered.ts';

/**
 * Starts what an assembly holds; its state lives in a folder and survives a restart.
 * @throws Unsupported for what the embedded cloud does not run, StateInUse while another process has the folder
 */
export const startCloud: StartCloud = async options => {
  const { composeCloud, openStores } = await import('./compose.ts');
  return composeCloud(options, openStores);
};
