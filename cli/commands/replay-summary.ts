import type { Context } from '../context.ts';
import { exitCode } from '../failure.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { People } from '../people/people.ts';
import { sessionLine } from '../replay/answers.ts';
import { digestLines } from '../replay/digests.ts';
import { type MissingRole, nearestRoles } from '../replay/nearest-roles.ts';
import { missingRoleLines, refusedLines } from '../replay/refused-lines.ts';
import { allProcessed, type Replayed } from '../replay/replayed.ts';
import { seeRolesIn } from '../replay/roles-in-files.ts';
import { otherAccountsLine, summaryLines } from '../replay/summary-lines.ts';
import { linesOf, writeReport } from '../report/report.ts';
import { alertLines } from '../views/terminal/alerts.ts';
import { deniedLines } from '../views/terminal/story.ts';
import { plural, shellWord } from '../views/text/format.ts';

/** The audited roles. `byHand`: the user named them, so a missing role ends the replay with status 3. */
export interface Asked {
  roles: readonly string[];
  byHand: boolean;
}

interface Told {
  asked: Asked;
  inputs: Inputs;
  /** the folder for the report */
  out: string | undefined;
  people: People;
}

/** Refused attempts that are shown one by one; a year of logs may hold thousands. */
const mostDenied = 20;

/** Writes the report and prints what a replay came to. Answers the exit status. */
export async function tell(result: Replayed, told: Told, context: Context): Promise<number> {
  const { screen } = context;
  const { paint } = screen;
  const { out, people } = told;
  if (out !== undefined) {
    await people.meet(result.answers.sessions.map(({ answer }) => answer));
    const { calls, sessions } = result.answers;
    await writeReport(out, {
      calls: linesOf(calls, people),
      sessions: linesOf(sessions.map(sessionLine), people),
      summary: () => result.summary,
    });
  }
  for (const line of summaryLines(result.summary, paint)) screen.line(line);
  for (const line of otherAccountsLine(result.collected.otherAccounts, paint)) screen.line(line);
  for (const line of digestLines(result.digests, paint)) screen.line(line);
  const denied = [...result.collected.denied.values()];
  if (denied.length > 0) {
    screen.line(`\n${plural(denied.length, 'attempt')} to assume an audited role refused:`);
    for (const line of deniedLines(denied, paint).slice(0, mostDenied)) screen.line(line);
    const rest = denied.length - mostDenied;
    if (rest > 0) screen.line(paint.dim(`  and ${plural(rest, 'more', 'more')}`));
  }
  if (result.alerts.length > 0) {
    screen.line(`\n${plural(result.alerts.length, 'credential')} in use that nothing explains, alerted:`);
    for (const line of alertLines(result.alerts, paint)) screen.line(line);
  }
  return finish(result, told, context);
}

/** Roles that were asked for, or that the stack audits, and that no record tells of; with the nearest in the files. */
async function missingRoles(
  { collected }: Replayed,
  roles: readonly string[],
  inputs: Inputs,
  signal: AbortSignal,
): Promise<MissingRole[]> {
  const missing = collected.roles.missing(roles);
  // Records of the role that is meant were not kept: the files alone tell of it.
  if (missing.length > 0) await seeRolesIn(inputs.deliver, collected.roles, signal);
  return missing.map(role => ({ role, nearest: nearestRoles(role, collected.roles) }));
}

/** Prints what was refused and where to look closer. The exit status says whether all was processed. */
async function finish(result: Replayed, { asked, inputs, out }: Told, context: Context): Promise<number> {
  const { screen, signal } = context;
  const { paint } = screen;
  const refused = refusedLines(result, paint);
  if (refused.length > 0) screen.line(`\n${paint.bold('Not processed')}`);
  for (const line of refused) screen.line(line);
  const missing = await missingRoles(result, asked.roles, inputs, signal);
  if (missing.length > 0) screen.line('');
  for (const line of missingRoleLines(missing, paint)) screen.line(line);
  if (out !== undefined) screen.line(`\nreport in ${shellWord(out)}`);
  const allFound = !asked.byHand || missing.length === 0;
  return allProcessed(result) && allFound ? exitCode.done : exitCode.attention;
}
