import { XmlNode } from '@aws-sdk/xml-builder';
import { type KeyAction, ServiceError } from '../../contract.ts';
import type { Exchange, HttpService } from '../../gateway/gateway.ts';
import { readBody } from '../../gateway/json.ts';
import type { PublishedLog } from '../../state/published.ts';
import type { Topics } from './store.ts';

const known = ['Action', 'Version', 'TopicArn', 'Message', 'Subject'];

/** What SNS asks of an encrypted topic's key for whoever publishes (SNS guide, "Key management"). */
export const publishing: readonly KeyAction[] = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** Up to 100 printable ASCII characters that begin with no space (SNS API, Publish). */
const subjectShape = /^[!-~][ -~]{0,99}$/;

/**
 * The one operation of SNS that functions use, Publish to a topic, in the query protocol. Messages are kept, and reach the
 * subscribed queues.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class SnsService implements HttpService {
  readonly #topics: Topics;
  readonly #published: PublishedLog;

  constructor(topics: Topics, published: PublishedLog) {
    this.#topics = topics;
    this.#published = published;
  }

  async handle({ request, response, caller, authorizer, requestId }: Exchange): Promise<void> {
    const fields = new URLSearchParams((await readBody(request)).toString('utf8'));
    const action = fields.get('Action');
    if (action !== 'Publish') {
      throw new ServiceError('UnsupportedOperation', `SNS operation ${action} is not supported`);
    }
    const unknown = [...fields.keys()].find(name => !known.includes(name));
    if (unknown) throw new ServiceError('InvalidParameter', `${unknown} of Publish is not supported`);
    const topicArn = required(fields, 'TopicArn');
    const message = required(fields, 'Message');
    const subject = fields.get('Subject');
    if (subject !== null && !subjectShape.test(subject)) {
      throw new ServiceError('InvalidParameter', 'Invalid parameter: Subject');
    }
    authorizer.authorize(caller, [{ action: 'sns:Publish', resource: topicArn, key: publishing }]);
    const messageId = this.#topics.publish(topicArn, message, subject);
    const at = new Date().toISOString();
    this.#published.add({ service: 'sns', at, messageId, topicArn, subject, message });
    const answer = new XmlNode('PublishResponse')
      .c(new XmlNode('PublishResult').c(XmlNode.of('MessageId', messageId)))
      .c(new XmlNode('ResponseMetadata').c(XmlNode.of('RequestId', requestId)))
      .addAttribute('xmlns', 'http://sns.amazonaws.com/doc/2010-03-31/');
    const body = Buffer.from(String(answer));
    response.writeHead(200, { 'content-type': 'text/xml', 'content-length': body.length });
    response.end(body);
  }
}

function required(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (!value) throw new ServiceError('InvalidParameter', `Invalid parameter: ${name}`);
  return value;
}
