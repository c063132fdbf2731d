import type { FunctionName } from '../steps/runtime/environment.ts';
import { type SettingName, settingNames } from '../steps/runtime/settings.ts';
import { partnerTopics, trailAccounts } from './names.ts';
import type { RoletrailConfig } from './roletrail-config.ts';

/** What `settings.json` of a function's package says. */
export type Settings = Partial<Record<SettingName, string[]>>;

/** The lists of the configuration that a function reads; none for most. */
export function settingsOf(name: FunctionName, config: RoletrailConfig): Settings {
  const all: Record<SettingName, string[]> = {
    auditedRoles: config.auditedRoles,
    trailAccounts: trailAccounts(config),
    partnerTopics: partnerTopics(config).map(({ arn }) => arn),
  };
  return Object.fromEntries(settingNames[name].map(setting => [setting, all[setting]]));
}
