import * as z from 'zod';

/** CloudTrail's operations. */
export const cloudTrailInputs = {
  ListPublicKeys: z.strictObject({ StartTime: z.number().optional(), EndTime: z.number().optional() }),
};
