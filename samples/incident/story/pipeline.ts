import { byWebIdentity, roleArn } from '../../building/identity.ts';
import { type CloudTrailRecord, call } from '../../building/record.ts';
import { issuedTo } from '../../building/sts.ts';
import { at, byDeployRun, deployRun, deploySession, githubProvider, production } from './cast.ts';
import { onBucket, onObject } from './targets.ts';

/** 11:45: a run of GitHub Actions deploys the shop. Its workflow calls the session `tlee`; the token says what ran. */

const audience = 'sts.amazonaws.com';

export const runAssumes: CloudTrailRecord = call(
  'a CI run assumes StorefrontDeploy',
  deploySession.issuedAt,
  byWebIdentity(githubProvider, audience, deployRun.subject, deployRun.ip, deployRun.agent),
  'sts',
  'AssumeRoleWithWebIdentity',
  {
    request: {
      roleArn: roleArn(deploySession.role),
      roleSessionName: deploySession.name,
      durationSeconds: deploySession.seconds,
    },
    response: {
      ...issuedTo(deploySession),
      subjectFromWebIdentityToken: deployRun.subject,
      provider: githubProvider,
      audience,
    },
    resources: [{ accountId: production, type: 'AWS::IAM::Role', ARN: roleArn(deploySession.role) }],
  },
);

export const runCalls: CloudTrailRecord[] = [
  call('deploy: who am I', at('11:45:31'), byDeployRun, 'sts', 'GetCallerIdentity'),
  call(
    'deploy: upload',
    at('11:46:02'),
    byDeployRun,
    's3',
    'PutObject',
    onObject('harbour-web', 'index.html'),
  ),
  call(
    'deploy: website',
    at('11:46:40'),
    byDeployRun,
    's3',
    'PutBucketWebsite',
    onBucket('harbour-web', { website: '' }),
  ),
];
