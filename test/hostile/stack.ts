import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  ListTablesCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, paginateListExecutions } from '@aws-sdk/client-sfn';
import { type Cloud, type CloudOptions, type FaultPlan, startCloud } from '@roletrail/local';
import { type Deployment, localDeployment } from '../../cli/deployment/deployment.ts';
import { findInputs, type Input } from '../../cli/inputs/inputs.ts';
import { functionCache } from '../../cli/project.ts';
import { needsOfInputs, replayConfig } from '../../cli/replay/config.ts';
import { Delivery } from '../../cli/replay/delivery.ts';
import { parseConfig } from '../../infra/config.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import base from '../../samples/roletrail.json' with { type: 'json' };
import { evidenceTable, type KeySchema, ledgerTable, sessionsTable } from '../../steps/store/tables.ts';
import { synthesized } from '../synthesized.ts';
import { type Item, scan } from './scan.ts';

export const samples = join(import.meta.dirname, '..', '..', 'samples');

interface StackOptions {
  faults?: FaultPlan;
  warm?: CloudOptions['warm'];
  concurrency?: CloudOptions['concurrency'];
  change?: Partial<RoletrailConfig>;
  /** changes what was synthesized */
  prepare?: (assembly: string) => void;
}

/** An embedded cloud that is started once and made empty between two runs. */
export class Stack {
  readonly cloud: Cloud;
  readonly deployment: Deployment;
  readonly inputs: Input[];
  readonly #config: RoletrailConfig;
  readonly #dynamo: DynamoDBClient;

  constructor(cloud: Cloud, config: RoletrailConfig, inputs: Input[]) {
    this.cloud = cloud;
    this.deployment = localDeployment(cloud);
    this.inputs = inputs;
    this.#config = config;
    const { endpoint, region, credentials } = cloud;
    this.#dynamo = new DynamoDBClient({ endpoint, region, credentials });
  }

  /** The stack of a sample, its state in `folder`. */
  static async start(folder: string, sample: string, options: StackOptions = {}): Promise<Stack> {
    const { deliver } = await findInputs([join(samples, sample, 'input')]);
    const replay = replayConfig(parseConfig(base, 'samples'), [], await needsOfInputs(deliver));
    const config = { ...replay, ...options.change };
    const assembly = join(folder, 'cdk.out');
    await synthesized(config, assembly, 'any');
    options.prepare?.(assembly);
    const { faults, warm, concurrency } = options;
    const cloud = await startCloud({
      ...{ assembly, state: folder, compiled: functionCache },
      ...(faults && { faults }),
      ...(warm && { warm }),
      ...(concurrency && { concurrency }),
    });
    return new Stack(cloud, config, deliver);
  }

  /** Delivers through the front door, and returns when all that follows is done. */
  async deliver(inputs: readonly Input[] = this.inputs): Promise<void> {
    const delivery = new Delivery(this.cloud, this.deployment, this.#config, this.output('TrailQueueUrl'), {
      deliver: inputs,
      heads: new Map(),
    });
    for (const input of inputs) await delivery.deliver(input);
    await this.cloud.idle();
  }

  output(name: string): string {
    const value = this.cloud.outputs.roletrail?.[name];
    if (!value) throw new Error(`the stack has no output ${name}`);
    return value;
  }

  get #tables(): [string, KeySchema][] {
    return [
      [this.output('EvidenceTableName'), evidenceTable],
      [this.output('SessionsTableName'), sessionsTable],
      [this.output('LedgerTableName'), ledgerTable],
    ];
  }

  /** All that is stored as an answer: evidence, sessions, ledger. */
  async items(): Promise<Item[][]> {
    return Promise.all(this.#tables.map(([table]) => scan(this.#dynamo, table)));
  }

  async empty(): Promise<void> {
    for (const [table, { partition, sort }] of this.#tables) {
      const all = await scan(this.#dynamo, table);
      for (let at = 0; at < all.length; at += 25) {
        const requests = all.slice(at, at + 25).map(item => ({
          DeleteRequest: { Key: { [partition]: item[partition] ?? {}, [sort]: item[sort] ?? {} } },
        }));
        await this.#dynamo.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: requests as never[] } }),
        );
      }
    }
  }

  /** Lets the time be over of all that is in progress: what a try that died still holds is free. */
  async expireInProgress(): Promise<void> {
    const { TableNames = [] } = await this.#dynamo.send(new ListTablesCommand({}));
    const TableName = TableNames.find(name => name.includes('Idempotency'));
    if (!TableName) throw new Error('the stack has no table for idempotency');
    const held = (await scan(this.#dynamo, TableName)).filter(({ status }) => status?.S === 'INPROGRESS');
    await Promise.all(held.map(({ id }) => this.#expire(TableName, `${id?.S}`)));
  }

  async #expire(TableName: string, id: string): Promise<void> {
    const update = new UpdateItemCommand({
      ...{ TableName, Key: { id: { S: id } } },
      UpdateExpression: 'SET in_progress_expiry = :past',
      ConditionExpression: '#status = :progress',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':past': { N: '1' }, ':progress': { S: 'INPROGRESS' } },
    });
    // It may have been done in between, or given back.
    await this.#dynamo.send(update).catch(error => {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    });
  }

  /** Keys of all objects in quarantine. */
  async quarantined(): Promise<string[]> {
    const keys: string[] = [];
    const query = { Bucket: this.output('WorkBucketName'), Prefix: 'quarantine/' };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.deployment.s3 }, query)) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  }

  /** How each execution since the start ended, by its name. */
  async executions(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const query = { stateMachineArn: this.output('StateMachineArn') };
    for await (const page of paginateListExecutions({ client: this.deployment.sfn }, query)) {
      for (const { name = '', status = '', executionArn } of page.executions ?? []) {
        if (status === 'SUCCEEDED') found.set(name, status);
        else found.set(name, await this.#failure(executionArn));
      }
    }
    return found;
  }

  async #failure(executionArn: string | undefined): Promise<string> {
    const { status, error, cause } = await this.deployment.sfn.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    return `${status} ${error}: ${cause}`;
  }
}
