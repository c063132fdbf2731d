/** The text of a template without what is only its own account and region: equal for two that differ in nothing else. */
export function alike(stack: string, text: string): string {
  const [, account, region] = /^roletrail-partner-(\d{12})-(.+)$/.exec(stack) ?? [];
  return account && region ? text.replaceAll(account, 'ACCOUNT').replaceAll(region, 'REGION') : text;
}
