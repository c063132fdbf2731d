import * as z from 'zod';

const entryShape = z.strictObject({
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).default([]),
});
/** EventBridge's operations. */
export const eventsInputs = {
  PutEvents: z.strictObject({ Entries: z.array(entryShape).min(1).max(10) }),
};

export type Entry = z.infer<typeof entryShape>;
