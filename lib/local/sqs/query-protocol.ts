/** The older Query protocol: a form in, XML out, for clients from before the JSON protocol (AWS CLI v1 and Debian's, boto3 to 1.28). */
import type { AwsError, AwsRequest, AwsResponse } from '../service.ts';
import { writeXml, type XmlNode } from '../xml.ts';
import type { Output } from './call.ts';
import { queryCode, refusal } from './sqs-error.ts';

/** The JSON protocol's name of a list or map, and how a form writes it. `entry` is a batch's, which has the action's name. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
};
const MAPS: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Tag: 'Tags',
};
const NUMBERS = new Set([
  ...['DelaySeconds', 'MaxNumberOfMessages', 'VisibilityTimeout', 'WaitTimeSeconds', 'MaxResults'],
  'MaxNumberOfMessagesPerSecond',
]);
const XMLNS = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** The form of a request: its body, or, of a GET, its query. */
export function readForm(request: AwsRequest): URLSearchParams {
  return request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString());
}

/** The form as input of the JSON protocol. The queue may stand in the path alone. */
export function formInput(form: URLSearchParams, request: AwsRequest): Record<string, unknown> {
  const tree = Object.create(null) as Tree;
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version' || /^(X-Amz-|AWSAccessKeyId|Signature|Timestamp|Expires)/.test(name))
      continue;
    const path = name.split('.');
    const last = path.pop() ?? '';
    let at = tree;
    for (const step of path) {
      at[step] ??= Object.create(null) as Tree;
      const inner = at[step];
      if (typeof inner === 'string') throw refusal('InvalidParameterValueException', `${name} is given twice.`);
      at = inner;
    }
    at[last] = value;
  }
  const input = membersOf(tree);
  if (input.QueueUrl === undefined && /^\/[^/]+\/[^/]+\/?$/.test(request.path)) input.QueueUrl = request.path;
  return input;
}

interface Tree {
  [name: string]: string | Tree;
}

function membersOf(tree: Tree): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') members[name] = NUMBERS.has(name) ? Number(value) : value;
    else if (LISTS[name]) members[LISTS[name]] = Object.values(value);
    else if (MAPS[name]) {
      const pairs = (Object.values(value) as Tree[]).map(pair => [String(pair.Name ?? pair.Key), pair.Value]);
      members[MAPS[name]] = Object.fromEntries(pairs);
    } else if (name.endsWith('Entry')) members.Entries = (Object.values(value) as Tree[]).map(membersOf);
    else members[name] = membersOf(value);
  }
  return members;
}

/** The answer to `action`. */
export function formAnswer(action: string, output: Output): AwsResponse {
  const result = Object.entries(output).flatMap(([name, value]) => nodes(action, name, value));
  const root: XmlNode = [
    `${action}Response`,
    [
      ...(result.length > 0 ? [[`${action}Result`, result] as const] : []),
      ['ResponseMetadata', [['RequestId', crypto.randomUUID()]]],
    ],
  ];
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: writeXml(root, XMLNS) };
}

export function formRefusal(error: AwsError): AwsResponse {
  const children: XmlNode[] = [
    ['Type', error.status < 500 ? 'Sender' : 'Receiver'],
    ['Code', queryCode(error.code)],
    ['Message', error.message],
    ['Detail', ''],
  ];
  const body = writeXml(
    [
      'ErrorResponse',
      [
        ['Error', children],
        ['RequestId', crypto.randomUUID()],
      ],
    ],
    XMLNS,
  );
  return { status: error.status, headers: { 'content-type': 'text/xml' }, body };
}

/** A list's element has a name of its own. */
const ELEMENTS: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Failed: 'BatchResultErrorEntry',
  Results: 'ListMessageMoveTasksResultEntry',
};

function nodes(action: string, name: string, value: unknown): XmlNode[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    const element = name === 'Successful' ? `${action}ResultEntry` : (ELEMENTS[name] ?? name);
    return value.map(
      (item): XmlNode => [element, typeof item === 'object' ? membersAsNodes(action, item) : String(item)],
    );
  }
  const element = name === 'Tags' ? 'Tag' : name.replace(/s$/, '');
  if (typeof value !== 'object' || value === null) return [[name, value as string | number | boolean]];
  return Object.entries(value).map(([key, item]): XmlNode => {
    const content = typeof item === 'object' && item !== null ? membersAsNodes(action, item as Output) : String(item);
    return [
      element,
      [
        [name === 'Tags' ? 'Key' : 'Name', key],
        ['Value', content],
      ],
    ];
  });
}

function membersAsNodes(action: string, members: Output): XmlNode[] {
  return Object.entries(members).flatMap(([name, value]) => nodes(action, name, value));
}
