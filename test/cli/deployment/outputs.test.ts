import { deployedList, type Outputs, productionOutputs } from '../../../cli/deployment/outputs.ts';
import { listOutputs } from '../../../infra/outputs.ts';

const outputs = (lists: Record<string, string>) => lists as unknown as Outputs;
const arn = (index: number) => `arn:aws:iam::999999999999:role/Name,with+signs=${index}`;

test.each([0, 1, 3, 500])('%i roles are read as they were deployed', count => {
  const roles = Array.from({ length: count }, (_, index) => arn(index));
  const told = listOutputs('AuditedRoles', roles);
  for (const value of Object.values(told)) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024);
  expect(deployedList(outputs(told), 'AuditedRoles')).toEqual(roles);
});

test('what is not a list is named', () => {
  expect(() => deployedList(outputs({ AuditedRoles: '[1]' }), 'AuditedRoles')).toThrow(
    'the output AuditedRoles is not a list: [1]',
  );
});

test('one stack among several is the production stack', () => {
  const all = { partner: { TopicArn: 'x' }, roletrail: { StateMachineArn: 'y' } };
  expect(() => productionOutputs(all, 'outputs.json')).toThrow(
    'outputs.json lacks the outputs TrailBucketName',
  );
});
