/** AWS query: a form in, XML out; for clients from before AWS JSON (AWS CLI v1 and Debian's, boto3 to 1.28). */
import { AwsError, type AwsRequest, type AwsResponse, type Service } from '../service.ts';
import { type Operations, perform, type ServiceOptions } from './operation.ts';
import { writeXml, type XmlNode } from './xml.ts';

export interface QueryOptions<State> extends ServiceOptions<State> {
  readonly operations: Operations<State>;
  /** The namespace of an answer; it ends in the version of the API. */
  readonly xmlns: string;
  /** Lists stand in a form as `Tags.member.1`, and in an answer as elements `member`; an object is a structure, not a map. */
  readonly members?: boolean;
  /** How a form names a list (`TagKey.1`), by the member's name. */
  readonly lists?: Readonly<Record<string, string>>;
  /** The same of maps (`Tag.1.Key`). */
  readonly maps?: Readonly<Record<string, string>>;
  /** Members that are numbers: a form has text alone. */
  readonly numbers?: ReadonlySet<string>;
  /** What an element of a list is called in an answer, where not as the list. */
  readonly elements?: Readonly<Record<string, string>>;
  /** A member whose value the path gives where the form does not, such as the URL of a queue. */
  readonly pathMember?: string;
  /** An error's code in this protocol, where the service has one of its own. */
  readonly errorCode?: (code: string) => string;
  readonly unknownOperation: (name: string) => AwsError;
}

export function queryService<State>(options: QueryOptions<State>): Service {
  const { operations, xmlns, errorCode = code => code } = options;
  const names = {
    lists: {},
    maps: {},
    numbers: new Set<string>(),
    elements: {},
    pathMember: '',
    members: false,
    ...options,
  };
  const version = xmlns.replace(/\/$/, '').split('/').at(-1) ?? '';
  const respond = (status: number, root: XmlNode): AwsResponse => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body: writeXml(root, xmlns),
  });
  return {
    signingName: options.signingName,
    operations: { [options.signingName]: Object.keys(operations) },
    recognises: request => formOf(request).has('Action') && formOf(request).get('Version') === version,
    async handle(request) {
      const form = formOf(request);
      const name = form.get('Action') ?? '';
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw options.unknownOperation(name);
      const given = readForm(names, form, request);
      const output = (await perform(options, name, operation, { given, request })) as Output;
      const result = Object.entries(output).flatMap(([member, value]) => nodes(names, name, member, value));
      return respond(200, [
        `${name}Response`,
        [
          ...(result.length > 0 ? [[`${name}Result`, result] as const] : []),
          ['ResponseMetadata', [['RequestId', crypto.randomUUID()]]],
        ],
      ]);
    },
    refuse(error) {
      const children: XmlNode[] = [
        ['Type', error.status < 500 ? 'Sender' : 'Receiver'],
        ['Code', ACCESS_CODES[error.code] ?? errorCode(error.code)],
        ['Message', error.message],
        ['Detail', ''],
      ];
      return respond(error.status, [
        'ErrorResponse',
        [
          ['Error', children],
          ['RequestId', crypto.randomUUID()],
        ],
      ]);
    },
  };
}

type Output = Readonly<Record<string, unknown>>;
type Names = Required<
  Pick<QueryOptions<unknown>, 'lists' | 'maps' | 'numbers' | 'elements' | 'pathMember' | 'members'>
>;

/** What the other protocols call otherwise: who calls, and whether that one may. */
const ACCESS_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

/** Names of a form that are nested deeper than this are of no operation. */
const DEEPEST_NAME = 16;

function formOf({ method, query, body }: Pick<AwsRequest, 'method' | 'query' | 'body'>): URLSearchParams {
  return method === 'GET' ? query : new URLSearchParams(body.toString());
}

interface Tree {
  [name: string]: string | Tree;
}

/** The form as the input that AWS JSON would bring. */
function readForm(names: Names, form: URLSearchParams, request: AwsRequest): Record<string, unknown> {
  const tree = Object.create(null) as Tree;
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version' || /^(X-Amz-|AWSAccessKeyId|Signature|Timestamp|Expires)/.test(name))
      continue;
    const path = name.split('.');
    if (path.length > DEEPEST_NAME)
      throw new AwsError('InvalidParameterValueException', 'A name is nested too deeply.');
    const last = path.pop() ?? '';
    let at = tree;
    for (const step of path) {
      at[step] ??= Object.create(null) as Tree;
      const inner = at[step];
      if (typeof inner === 'string') throw new AwsError('InvalidParameterValueException', `${name} is given twice.`);
      at = inner;
    }
    at[last] = value;
  }
  const input = membersOf(names, tree);
  const { pathMember } = names;
  if (pathMember !== '' && input[pathMember] === undefined && /^\/[^/]+\/[^/]+\/?$/.test(request.path))
    input[pathMember] = request.path;
  return input;
}

function membersOf(names: Names, tree: Tree): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') members[name] = names.numbers.has(name) ? Number(value) : value;
    else if (names.members && typeof value.member === 'object') {
      const items = Object.values(value.member);
      members[name] = items.map(item => (typeof item === 'string' ? item : membersOf(names, item)));
    } else if (names.lists[name]) members[names.lists[name]] = Object.values(value);
    else if (names.maps[name]) {
      const pairs = (Object.values(value) as Tree[]).map(pair => [String(pair.Name ?? pair.Key), pair.Value]);
      members[names.maps[name]] = Object.fromEntries(pairs);
    } else if (name.endsWith('Entry'))
      members.Entries = (Object.values(value) as Tree[]).map(inner => membersOf(names, inner));
    else members[name] = membersOf(names, value);
  }
  return members;
}

function nodes(names: Names, action: string, name: string, value: unknown): XmlNode[] {
  if (value === undefined) return [];
  if (names.members && typeof value === 'object' && value !== null) {
    if (!Array.isArray(value)) return [[name, membersAsNodes(names, action, value as Output)]];
    const items = value.map(
      (item): XmlNode => ['member', typeof item === 'object' ? membersAsNodes(names, action, item) : String(item)],
    );
    return [[name, items]];
  }
  if (Array.isArray(value)) {
    const element = name === 'Successful' ? `${action}ResultEntry` : (names.elements[name] ?? name);
    return value.map(
      (item): XmlNode => [element, typeof item === 'object' ? membersAsNodes(names, action, item) : String(item)],
    );
  }
  const element = name === 'Tags' ? 'Tag' : name.replace(/s$/, '');
  if (typeof value !== 'object' || value === null) return [[name, value as string | number | boolean]];
  return Object.entries(value).map(([key, item]): XmlNode => {
    const content =
      typeof item === 'object' && item !== null ? membersAsNodes(names, action, item as Output) : String(item);
    return [
      element,
      [
        [name === 'Tags' ? 'Key' : 'Name', key],
        ['Value', content],
      ],
    ];
  });
}

function membersAsNodes(names: Names, action: string, members: Output): XmlNode[] {
  return Object.entries(members).flatMap(([name, value]) => nodes(names, action, name, value));
}
