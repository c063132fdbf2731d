/** Identity store API reference, ResourceId. */
const pattern = /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether it looks as the id of a user of Identity Center does; what a log has in its place may be anything. */
export function isUserId(text: string): boolean {
  return pattern.test(text);
}
