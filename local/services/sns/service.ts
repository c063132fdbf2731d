import { XmlNode } from '@aws-sdk/xml-builder';
import type { Exchange, HttpService } from '../../gateway/gateway.ts';
import { readBody } from '../../gateway/json.ts';
import type { PublishedLog } from '../../state/published.ts';
import { readPublish } from './inputs.ts';
import { publishNeed } from './needs.ts';
import type { Topics } from './store.ts';

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
    const { topicArn, message, subject } = readPublish((await readBody(request)).toString('utf8'));
    authorizer.authorize(caller, [publishNeed(topicArn)]);
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
