import type { ServerResponse } from 'node:http';
import { parseXML, XmlNode } from '@aws-sdk/xml-builder';
import { ServiceError } from '../../contract.ts';
import { notImplemented } from './model.ts';

/** An element: its name, and its text or its children. A list of elements is written in its order. */
export type Element = [name: string, value: string | number | boolean | Element[]];

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

function toNode([name, value]: Element): XmlNode {
  if (!Array.isArray(value)) return XmlNode.of(name, String(value));
  return new XmlNode(name, value.map(toNode));
}

/** Answers 200 with a document in S3's namespace. */
export function answerXml(response: ServerResponse, root: string, children: Element[]): void {
  const node = toNode([root, children]).addAttribute('xmlns', namespace);
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${node}`);
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': body.length });
  response.end(body);
}

export type Parsed = string | { [name: string]: Parsed | Parsed[] };

/** The children of a document's root element. Throws MalformedXML when the root is another one. */
export function parseDocument(text: string, root: string): { [name: string]: Parsed | Parsed[] } {
  let document: { [name: string]: Parsed };
  try {
    document = parseXML(text);
  } catch {
    throw malformed();
  }
  const content = document[root];
  if (content === undefined || typeof content === 'string') throw malformed();
  return content;
}

/** All elements of a name, each of which has children. Throws MalformedXML for one that is text. */
export function childrenOf(
  parent: { [name: string]: Parsed | Parsed[] },
  name: string,
): { [name: string]: Parsed | Parsed[] }[] {
  return [parent[name] ?? []].flat().map(child => {
    if (typeof child === 'string') throw malformed();
    return child;
  });
}

/** The text of an element; undefined when it is not there. Throws MalformedXML when it holds elements or comes twice. */
export function textOf(parent: { [name: string]: Parsed | Parsed[] }, name: string): string | undefined {
  const value = parent[name];
  if (value === undefined || typeof value === 'string') return value;
  throw malformed();
}

/** Refuses elements that would otherwise be ignored. */
export function onlyElements(parent: { [name: string]: Parsed | Parsed[] }, names: string[]): void {
  for (const name of Object.keys(parent)) {
    if (name !== 'xmlns' && !names.includes(name)) {
      throw notImplemented(`the element ${name}`);
    }
  }
}

export function malformed(): ServiceError {
  return new ServiceError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
