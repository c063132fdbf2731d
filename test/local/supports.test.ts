import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as eventBridge from '@aws-sdk/client-eventbridge';
import * as s3 from '@aws-sdk/client-s3';
import * as stepFunctions from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { CloudTrailService } from '../../local/services/cloudtrail/service.ts';
import { EventsService } from '../../local/services/events/service.ts';
import { EventBus } from '../../local/services/events/store.ts';
import { readPublish } from '../../local/services/sns/inputs.ts';
import { SqsService } from '../../local/services/sqs/service.ts';
import { checkDefinition } from '../../local/services/stepfunctions/definition.ts';
import { PublishedLog } from '../../local/state/published.ts';
import { supported } from '../../local/supports.ts';
import { readDeployment } from '../../local/template/deployment.ts';
import { passMachine, temporaryFolder, writeAssembly } from './assembly-fixture.ts';
import { dynamoDbFixture } from './dynamodb-fixture.ts';
import { startS3 } from './s3-support.ts';
import { serve } from './services/stepfunctions/fixture.ts';

const { services, statesLanguage, resourceTypes } = supported();

/** All operations that a service has on AWS, as its SDK knows them, with the class of each command. */
function operationsOf(sdk: object): Map<string, new (input: object) => object> {
  const commands = Object.entries(sdk).filter(([name]) => /^[A-Z]\w+Command$/.test(name));
  return new Map(commands.map(([name, command]) => [name.replace(/Command$/, ''), command]));
}

/** The operations of an SDK that are not refused as unknown, each tried without a useful input. */
async function accepted(sdk: object, attempt: (operation: string) => unknown, refusal: RegExp) {
  const names: string[] = [];
  for (const name of operationsOf(sdk).keys()) {
    const error = await Promise.resolve()
      .then(() => attempt(name))
      .catch((reason: unknown) => reason);
    if (!(error instanceof Error && refusal.test(error.message))) names.push(name);
  }
  return names.sort();
}

const notSupported = / operation \w+ is not supported$/;
const sorted = (service: string) => [...(services[service] ?? [])].sort();
const place = { account: '111122223333', region: 'eu-west-1' };

describe('what is printed of a service is what it answers, of all that its SDK can ask', () => {
  test.each([
    ['sqs', sqs, () => new SqsService([], () => '')],
    ['states', stepFunctions, () => serve({ S: { Type: 'Pass', End: true } })],
    [
      'events',
      eventBridge,
      () => new EventsService(new EventBus([]), new PublishedLog(temporaryFolder()), place),
    ],
    ['cloudtrail', cloudTrail, () => new CloudTrailService(temporaryFolder())],
  ])('%s', async (name, sdk, open) => {
    const service = open();
    expect(await accepted(sdk, operation => service.call(operation, {}), notSupported)).toEqual(sorted(name));
  });

  test('sns', async () => {
    expect(await accepted(sns, operation => readPublish(`Action=${operation}`), notSupported)).toEqual(
      sorted('sns'),
    );
  });

  test('dynamodb, its engine too', async () => {
    const fixture = await dynamoDbFixture([], { gateway: true });
    const commands = operationsOf(dynamoDb);
    const input = {
      ...{
        TableName: 'none',
        RequestItems: { none: {} },
        TransactItems: [],
        Statement: 'SELECT * FROM none',
      },
      ...{ Statements: [], TransactStatements: [], ResourceArn: 'arn:aws:dynamodb:us-east-1:1:table/none' },
    };
    const send = (operation: string) => {
      const command = new (commands.get(operation) ?? Object)(input);
      return fixture.client.send(command as dynamoDb.ListTablesCommand);
    };
    try {
      const names = await accepted(
        dynamoDb,
        send,
        /is not supported by the embedded|[Uu]nknown ?[Oo]peration/,
      );
      expect(names).toEqual(sorted('dynamodb'));
    } finally {
      await fixture.close();
    }
  });

  test('s3', async () => {
    const running = await startS3();
    const client = running.client();
    const commands = operationsOf(s3);
    const object = { Bucket: 'plain', Key: 'k', Id: 'i' };
    const upload = { ...object, UploadId: 'u', PartNumber: 1 };
    const own: Record<string, object> = {
      CopyObject: { ...object, CopySource: 'plain/k' },
      UploadPart: { ...upload, Body: 'x' },
      UploadPartCopy: { ...upload, CopySource: 'plain/k' },
      CompleteMultipartUpload: upload,
      AbortMultipartUpload: upload,
      ListParts: upload,
      PutObject: { ...object, Body: 'x' },
      DeleteObjects: { ...object, Delete: { Objects: [{ Key: 'k' }] } },
    };
    const send = async (operation: string) => {
      const command = new (commands.get(operation) ?? Object)(own[operation] ?? object);
      await client.send(command as s3.ListBucketsCommand).catch(error => {
        // The answer to a HEAD has no words; what the SDK itself does not send reaches nobody.
        const status = error.$metadata?.httpStatusCode;
        if (status === undefined || status === 501) throw new Error('not implemented');
        throw error;
      });
    };
    try {
      expect(await accepted(s3, send, /^not implemented$/)).toEqual(sorted('s3'));
    } finally {
      await running.close();
    }
  });
});

describe('a definition may hold what is printed, and nothing else', () => {
  const minimal: Record<string, object> = {
    Task: { Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f' } },
  };
  const check = (type: string, more: object = {}) =>
    checkDefinition({ StartAt: 'S', States: { S: { Type: type, ...minimal[type], ...more } } }, 'aws');
  const allFields = [
    ...new Set([...Object.values(statesLanguage.states).flat(), 'HeartbeatSeconds', 'Assign', 'Branches']),
  ].filter(field => !['Resource', 'Parameters', 'Retry', 'Catch'].includes(field));

  // The state types of the Amazon States Language (states-language.net/spec.html, "State Types").
  test('state types', () => {
    const all = ['Task', 'Parallel', 'Map', 'Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];
    const runs = (type: string) => {
      try {
        return check(type).tasks.size >= 0;
      } catch (error) {
        expect(error).toMatchObject({ name: 'Unsupported', message: `state S of type ${type}` });
        return false;
      }
    };
    expect(all.filter(runs).sort()).toEqual(Object.keys(statesLanguage.states).sort());
  });

  test.each(Object.entries(statesLanguage.states))('%s', (type, fields) => {
    const refused = allFields.filter(field => {
      try {
        check(type, { [field]: 'x' });
        return false;
      } catch (error) {
        expect(error).toMatchObject({ message: `${field} of state S` });
        return true;
      }
    });
    expect(refused).toEqual(allFields.filter(field => !fields.includes(field)));
  });
});

describe('a template may hold the resource types that are printed, and no other', () => {
  const reading = (type: string) => () =>
    readDeployment(
      writeAssembly([{ name: 'S', template: { Resources: { ...passMachine(), R: { Type: type } } } }]),
    );
  // What is written without properties is either taken, or refused for the properties that it lacks.
  const refusal = (type: string) => {
    try {
      reading(type)();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each(resourceTypes.run)('%s runs', type => {
    expect(refusal(type) ?? '').not.toMatch(/^resource type /);
  });

  test.each(Object.entries(resourceTypes.doNothing))('%s is taken: %s', type => {
    expect(refusal(type)).toBeNull();
  });

  test.each([
    'AWS::EC2::Instance',
    'AWS::Lambda::LayerVersion',
    'AWS::Events::EventBus',
    'AWS::SSM::Parameter',
  ])('%s is refused by name', type => {
    expect([...resourceTypes.run, ...Object.keys(resourceTypes.doNothing)]).not.toContain(type);
    expect(reading(type)).toThrow(`resource type ${type}`);
  });
});
