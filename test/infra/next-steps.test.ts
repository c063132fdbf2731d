import { nextSteps } from '../../infra/next-steps.ts';
import { configWith } from './assembly.ts';

const said = (change = {}, configFile?: string) =>
  nextSteps({ config: configWith(change), configFile, assembly: 'cdk.out' }).join('\n');

test('partners come before production, each with its command', () => {
  const text = said();
  const partner =
    'aws cloudformation deploy --region us-east-1 --stack-name roletrail-partner --template-file cdk.out/roletrail-partner-111111111111-us-east-1.template.json   # as 111111111111';
  expect(text.indexOf(partner)).toBeGreaterThan(0);
  expect(text.indexOf('npx cdk deploy roletrail --outputs-file outputs.json')).toBeGreaterThan(
    text.indexOf(partner),
  );
});

test('a configuration with a name and a file of its own is deployed by both', () => {
  const text = said({ name: 'eu' }, 'eu.json');
  expect(text).toContain('npx cdk deploy roletrail-eu -c config=eu.json --outputs-file outputs.json');
  expect(text).toContain('cdk.out/roletrail-eu-partner-111111111111-us-east-1.template.json');
});

test('of many partners the rest is counted', () => {
  const partners = Array.from({ length: 12 }, (_, index) => ({
    account: `${200_000_000_000 + index}`,
    regions: ['us-east-1'],
  }));
  expect(said({ partners })).toContain('and 2 more: cdk.out/roletrail-partner-*.template.json');
});

test('a missing alarmEmail is pointed out', () => {
  expect(said()).toContain('No alarmEmail: no one receives alarms');
  expect(said({ alarmEmail: 'soc@example.com' })).not.toContain('alarmEmail');
});

test('that retention begins with the deployment is said where it is set', () => {
  expect(said({ retentionDays: 120 })).toContain('retentionDays: 120 holds for what is written from now on');
  expect(said()).not.toContain('retentionDays');
});

test('an existing bucket has to be told to tell', () => {
  expect(said({ trailBucket: { name: 'trail' } })).toContain('TurnOnEventBridge');
});
