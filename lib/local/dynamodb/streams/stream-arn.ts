/**
 * A stream's label is the time of its making on AWS. Here it is always the same, because the template asks for the
 * stream's ARN before the table is made, and it must still be that ARN after the next start.
 */
export const STREAM_LABEL = '2012-08-10T00:00:00.000';

export function streamArnOf(tableArn: string): string {
  return `${tableArn}/stream/${STREAM_LABEL}`;
}
