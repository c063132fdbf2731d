import { ServiceError } from '../../contract.ts';

/** SNS's operations, each with the fields it understands: the query protocol has no types. */
export const snsInputs = {
  Publish: ['TopicArn', 'Message', 'Subject'],
};

export interface PublishInput {
  topicArn: string;
  message: string;
  subject: string | null;
}

/** Up to 100 printable ASCII characters that begin with no space (SNS API, Publish). */
const subjectShape = /^[!-~][ -~]{0,99}$/;

/**
 * Reads a request in the query protocol. Throws ServiceError for an operation that is not in the table, and for a field
 * that is missing, wrong or not understood.
 */
export function readPublish(body: string): PublishInput {
  const fields = new URLSearchParams(body);
  const action = fields.get('Action') ?? '';
  const known = Object.hasOwn(snsInputs, action) ? snsInputs[action as keyof typeof snsInputs] : undefined;
  if (!known) {
    throw new ServiceError('UnsupportedOperation', `SNS operation ${fields.get('Action')} is not supported`);
  }
  const unknown = [...fields.keys()].find(name => !['Action', 'Version', ...known].includes(name));
  if (unknown) throw new ServiceError('InvalidParameter', `${unknown} of Publish is not supported`);
  const topicArn = required(fields, 'TopicArn');
  const message = required(fields, 'Message');
  const subject = fields.get('Subject');
  if (subject !== null && !subjectShape.test(subject)) {
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Subject');
  }
  return { topicArn, message, subject };
}

function required(fields: URLSearchParams, name: string): string {
  const value = fields.get(name);
  if (!value) throw new ServiceError('InvalidParameter', `Invalid parameter: ${name}`);
  return value;
}
