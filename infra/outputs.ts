/**
 * Bytes of one output's value that every reader takes: CloudFormation exports hold 1,024 (user guide, "Outputs"), and of
 * others no limit is documented.
 */
const mostBytes = 1_000;
/** Outputs one list may take; a template holds 200 (CloudFormation guide, quotas), the stack's own among them. */
const mostOutputs = 80;

/** The most that the audited roles may take as JSON, in bytes: the outputs contain them. */
export const rolesBytes = mostOutputs * mostBytes;

/** A list over as many outputs as it takes: NAME, NAME2, NAME3..., each a JSON list. */
export function listOutputs(name: string, list: readonly string[]): Record<string, string> {
  const parts: string[][] = [[]];
  for (const item of list) {
    const last = parts.at(-1) ?? [];
    if (last.length > 0 && Buffer.byteLength(JSON.stringify([...last, item])) > mostBytes) parts.push([item]);
    else last.push(item);
  }
  return Object.fromEntries(
    parts.map((part, index) => [name + (index === 0 ? '' : index + 1), JSON.stringify(part)]),
  );
}
