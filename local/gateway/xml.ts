import type { IncomingMessage, ServerResponse } from 'node:http';
import { XmlNode } from '@aws-sdk/xml-builder';
import type { ServiceError } from '../contract.ts';

/**
 * An error as S3 answers it (S3 API reference, "Error responses"), or as the query protocol of SNS, IAM and STS does.
 * A HEAD request gets the status alone, as HTTP demands.
 */
export function answerXmlError(
  request: IncomingMessage,
  response: ServerResponse,
  error: ServiceError,
  requestId: string,
  protocol: 's3' | 'query',
): void {
  const fields = (node: XmlNode) =>
    node.c(XmlNode.of('Code', error.code)).c(XmlNode.of('Message', error.message));
  const root =
    protocol === 's3'
      ? fields(new XmlNode('Error'))
          .c(XmlNode.of('Resource', request.url ?? ''))
          .c(XmlNode.of('RequestId', requestId))
      : new XmlNode('ErrorResponse')
          .c(fields(new XmlNode('Error').c(XmlNode.of('Type', error.status < 500 ? 'Sender' : 'Receiver'))))
          .c(XmlNode.of('RequestId', requestId));
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}`);
  response.writeHead(error.status, { 'content-type': 'application/xml', 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
