/** GetQueryResults: pages of the stored CSV object, whose first row is the header. */
import { readRows } from '../csv.ts';
import { splitLocation } from '../location.ts';
import type { ResultColumn } from '../result-types.ts';
import { type Call, invalid, type Operation, optionalText, queryOf } from './protocol.ts';

/** AWS: a page has at most 1000 rows, the header among them. */
const LARGEST_PAGE = 1000;

export const getQueryResults: Operation = {
  members: ['QueryExecutionId', 'MaxResults', 'NextToken'],
  async run(call) {
    const query = queryOf(call, 'athena:GetQueryResults');
    const { MaxResults: size = LARGEST_PAGE } = call.input;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > LARGEST_PAGE) {
      throw invalid(`MaxResults should be between 1 and ${LARGEST_PAGE}`);
    }
    if (query.state !== 'SUCCEEDED') {
      const open = query.endedAt === undefined;
      const why = open
        ? 'Query has not yet finished. Current state'
        : 'Query did not finish successfully. Final query state';
      throw invalid(`${why}: ${query.state}`);
    }
    const { bucket, key } = splitLocation(query.output);
    // The rows come from the object, which the caller must be allowed to read.
    call.request.authorize('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`, { 'aws:SecureTransport': 'true' });
    const object = call.objects.find(bucket, key);
    if (!object) throw invalid(`Could not find results: s3://${bucket}/${key} is no longer there`);
    const from = placeOf(call, query.id);
    const { rows, size: bytes } = await readRows(call.objects.read(object, from), size);
    const next = from + bytes;
    return {
      ResultSet: {
        Rows: rows.map(row => ({ Data: row.map(value => (value === null ? {} : { VarCharValue: value })) })),
        ResultSetMetadata: { ColumnInfo: (query.outcome?.columns ?? []).map(columnInfo) },
      },
      UpdateCount: 0,
      ...(next < object.size && { NextToken: Buffer.from(`${query.id}:${next}`).toString('base64url') }),
    };
  },
};

/** The byte of the object at which the page begins. */
function placeOf({ input }: Call, id: string): number {
  const token = optionalText(input, 'NextToken');
  if (token === undefined) return 0;
  const [of, place] = Buffer.from(token, 'base64url').toString().split(':');
  if (of !== id || !/^\d+$/.test(place ?? '')) throw invalid('NextToken is not one of this query');
  return Number(place);
}

function columnInfo({ name, type, precision, scale }: ResultColumn): object {
  return {
    ...{ CatalogName: 'hive', SchemaName: '', TableName: '', Name: name, Label: name },
    ...{ Type: type, Precision: precision, Scale: scale, Nullable: 'UNKNOWN', CaseSensitive: type === 'varchar' },
  };
}
