import {
  byDelegate,
  byForeignPrincipal,
  bySession,
  byUser,
  onBehalfOf,
  type Role,
  type RoleSession,
  throughService,
  type User,
} from '../../building/identity.ts';

/** Who and what occurs in the incident. Everything is fictitious; addresses are from the documentation ranges. */

export const production = '999999999999';
export const development = '111111111111';
export const msp = '222233334444';
/** sells a product that looks after audit trails; it has no role here, only what somebody approves */
export const productProvider = '333344445555';

/** A time on the day of the incident, UTC. */
export function at(time: string): string {
  return `2025-03-11T${time}Z`;
}

const role = (path: string, name: string, id: string, account = production): Role => ({
  account,
  path,
  name,
  id,
});
const user = (account: string, name: string, id: string, accessKeyId: string): User => ({
  account,
  name,
  id,
  accessKeyId,
});

// The audited roles of samples/roletrail.json.
export const crossAccountTest = role('/', 'CrossAccountTest', 'AROAEXAMPLEXACCTTEST1');
export const dataAdmin = role('/', 'DataAdmin', 'AROAEXAMPLEDATAADMIN1');
export const mspOperations = role('/msp/', 'MspOperations', 'AROAEXAMPLEMSPOPERAT1');
export const nightlyExport = role('/service-role/', 'NightlyExport', 'AROAEXAMPLENIGHTEXPO1');
/** a permission set of Identity Center, as the role it makes in production */
export const ledgerAuditor = role(
  '/aws-reserved/sso.amazonaws.com/',
  'AWSReservedSSO_LedgerAuditor_0123456789abcdef',
  'AROAEXAMPLELEDGAUDIT1',
);
/** a pipeline's role: GitHub Actions may assume it for the main branch of one repository */
export const storefrontDeploy = role('/ci/', 'StorefrontDeploy', 'AROAEXAMPLESTOREFRNT1');

// Not audited.
export const crossAccountTest2 = role('/', 'CrossAccountTest2', 'AROAEXAMPLEXACCTTEST2');
export const webTier = role('/', 'WebTier', 'AROAEXAMPLEWEBTIER001');
export const developer = role('/', 'Developer', 'AROAEXAMPLEDEVELOPER1', development);

export const mreyes = user(development, 'mreyes', 'AIDAEXAMPLEDEVMREYES1', 'AKIAEXAMPLEMREYES001');
export const tlee = user(development, 'tlee', 'AIDAEXAMPLEDEVTLEE001', 'AKIAEXAMPLETLEE00001');
export const kmiller = user(msp, 'ops-kmiller', 'AIDAEXAMPLEMSPKMILLE1', 'AKIAEXAMPLEKMILLER01');
/** known to production by this id alone: the partner's events of these two sessions were lost */
export const mspOnCall = 'AIDAEXAMPLEMSPONCALL1';
export const deployBot = user(production, 'deploy-bot', 'AIDAEXAMPLEDEPLOYBOT1', 'AKIAEXAMPLEDEPLOYB01');
export const helpdesk = user(production, 'helpdesk', 'AIDAEXAMPLEHELPDESK01', 'AKIAEXAMPLEHELPDESK1');
/** the user the intruder makes in production */
export const backdoor = user(production, 'svc-backup-sync', 'AIDAEXAMPLEBACKDOOR01', 'AKIAEXAMPLEBACKDOOR1');

const session = (r: Role, name: string, accessKeyId: string, time: string, seconds = 3600): RoleSession => ({
  role: r,
  name,
  accessKeyId,
  issuedAt: at(time),
  seconds,
});

// Credentials of roles, each with a key of its own.
export const exportSession = session(
  nightlyExport,
  'nightly-export',
  'ASIAEXAMPLENIGHTLY01',
  '02:00:01',
  43200,
);
export const instanceSession = session(
  webTier,
  'i-0a1b2c3d4e5f60718',
  'ASIAEXAMPLEINSTANCE1',
  '03:00:07',
  21600,
);
export const reportSession = session(dataAdmin, 'report-20250311', 'ASIAEXAMPLEREPORT001', '03:30:02');
export const ticketSession = session(mspOperations, 'ticket-48213', 'ASIAEXAMPLETICKET213', '07:55:10');
/** issued in the development account, before anything that production receives */
export const aliceAtHome = session(developer, 'alice', 'ASIAEXAMPLEALICEDEV1', '08:12:44', 28800);
export const aliceSession = session(crossAccountTest, 'alice', 'ASIAEXAMPLEALICEPRD1', '08:30:15');
export const mreyesSession = session(crossAccountTest, 'mreyes', 'ASIAEXAMPLEMREYESPRD', '09:12:04');
export const maintenanceSession = session(dataAdmin, 'db-maintenance', 'ASIAEXAMPLEDBMAINT01', '09:21:40');
export const decoySession = session(
  crossAccountTest2,
  'CrossAccountTest',
  'ASIAEXAMPLEDECOY0001',
  '09:05:30',
);
export const onCallSession = session(mspOperations, 'ticket-48230', 'ASIAEXAMPLETICKET230', '13:02:18');
export const unusedSession = session(mspOperations, 'ticket-48250', 'ASIAEXAMPLETICKET250', '13:06:51');
/** as STS logs it: the key in this record is one that nobody ever uses */
export const auditSession = session(
  ledgerAuditor,
  'pnair@harbour.example',
  'ASIAEXAMPLEPNAIRSTS1',
  '10:20:31',
);
/** the name is the workflow's choice, and looks like a person's: tlee wrote that line, and did not run it */
export const deploySession = session(storefrontDeploy, 'tlee', 'ASIAEXAMPLEDEPLOYCI1', '11:45:30');
/** at the console each request is signed with a fresh key: the switch of roles shows none */
export const consoleSession = session(mspOperations, 'ops-kmiller', '', '11:40:02');
/** the credential nobody issued: no record anywhere hands it out */
export const unexplainedSession = session(
  crossAccountTest,
  'botocore-session-1741701791',
  'ASIAEXAMPLENOISSUER1',
  '14:03:11',
);

// Who calls, from where.
const cli = 'aws-cli/2.24.19 md/awscrt#0.23.8 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.9';
const boto = 'Boto3/1.37.9 md/Botocore#1.37.9 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.11.2';
const terraform = 'APN/1.0 HashiCorp/1.0 Terraform/1.11.1 terraform-provider-aws/5.90.0';
const lambda = 'Boto3/1.36.3 md/Botocore#1.36.3 os/linux#5.10.233 exec-env/AWS_Lambda_python3.13';
const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36';
const intruder = '203.0.113.77';

export const byMreyes = byUser(mreyes, '198.51.100.23', cli);
export const byMreyesSession = bySession(mreyesSession, '198.51.100.23', cli);
export const byMaintenance = bySession(maintenanceSession, '198.51.100.23', cli);
export const byAliceAtHome = bySession(aliceAtHome, '192.0.2.41', terraform);
export const byAlice = bySession(aliceSession, '192.0.2.41', terraform);
export const byTlee = byUser(tlee, '192.0.2.52', cli);
export const byDecoy = bySession(decoySession, '192.0.2.52', cli);
export const byKmiller = byUser(kmiller, '198.51.100.130', boto);
export const byTicket = bySession(ticketSession, '198.51.100.130', boto);
export const byOnCall = bySession(onCallSession, '198.51.100.131', boto);
export const byInstance = bySession(instanceSession, '192.0.2.200', boto, { ec2RoleDelivery: '2.0' });
export const byReport = bySession(reportSession, '192.0.2.200', boto);
export const byExport = bySession(exportSession, '192.0.2.210', lambda);
/** the person in Identity Center's directory */
export const auditor = {
  userId: '84b8c4d8-2071-70a5-9d0e-3f1c5e6a7b90',
  identityStoreArn: `arn:aws:identitystore::${production}:identitystore/d-9067example`,
};
/** where Identity Center's own back end calls STS from */
export const identityCenter = { ip: '192.0.2.230', agent: 'aws-sdk-java/2.30.31 md/internal api/STS#2.30.x' };
const withKey = (accessKeyId: string) => bySession({ ...auditSession, accessKeyId }, '192.0.2.88', cli);
/** the key that Identity Center hands out: of the same session, and in no record that issues keys */
export const byAuditor = withKey('ASIAEXAMPLEPNAIRSSO1');
/** the person behind the session, as some calls say it (record contents, onBehalfOf) */
export const byAuditorInPerson = onBehalfOf(byAuditor, auditor);
/** an AI agent to which the person gave the session: AWS's MCP server signs with a key of its own */
export const byAgent = throughService(withKey('ASIAEXAMPLEPNAIRMCP1'), 'aws-mcp.amazonaws.com');
/** the product provider, whose access shows as the session of who approved it */
export const byProductProvider = byDelegate(
  withKey('ASIAEXAMPLEPROVIDER1'),
  productProvider,
  '203.0.113.140',
  'aws-sdk-go-v2/1.36.3 trail-keeper/4.2',
);
export const atConsole = (accessKeyId: string) =>
  bySession({ ...consoleSession, accessKeyId }, '198.51.100.130', browser);
/** ticket-48230's credential, in the intruder's hands */
export const byOnCallElsewhere = bySession(onCallSession, intruder, boto);
export const byUnexplained = bySession(unexplainedSession, intruder, boto);
/** GitHub's provider in IAM, and what its token says of the run */
export const githubProvider = `arn:aws:iam::${production}:oidc-provider/token.actions.githubusercontent.com`;
export const deployRun = {
  subject: 'repo:harbour-shop/storefront:ref:refs/heads/main',
  ip: '198.51.100.61',
  agent: 'configure-aws-credentials-for-github-actions',
};
export const byDeployRun = bySession(deploySession, deployRun.ip, cli, {
  webIdFederationData: { federatedProvider: githubProvider, attributes: {} },
});
export const byDeployBot = byUser(deployBot, '192.0.2.60', terraform);
export const byHelpdesk = byUser(helpdesk, '192.0.2.71', cli);

/** The same callers as production's own copy of their AssumeRole shows them: an id and an account, no name. */
export const foreign = {
  mreyes: byForeignPrincipal(development, mreyes.id, byMreyes.ip, byMreyes.agent),
  alice: byForeignPrincipal(development, `${developer.id}:alice`, byAlice.ip, byAlice.agent),
  tlee: byForeignPrincipal(development, tlee.id, byTlee.ip, byTlee.agent),
  kmiller: byForeignPrincipal(msp, kmiller.id, byKmiller.ip, byKmiller.agent),
  onCall: byForeignPrincipal(msp, mspOnCall, byOnCall.ip, byOnCall.agent),
};
