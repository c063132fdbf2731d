/** A cloud over stores of one's own: those that count or change what reaches S3 and DynamoDB. */
export { composeCloud } from './cloud/compose.ts';
export { type OpenStores, openStores } from './cloud/stores.ts';
export type { HttpService } from './gateway/gateway.ts';
